import { readFileSync } from 'node:fs';
import type { DocumentNode } from 'graphql';
import { gql } from 'graphql-tag';

/** The subgraph's SDL, `schema.graphql` in its folder, parsed by graphql-tag. */
export function loadSchema(file: URL): DocumentNode {
  return gql(readFileSync(file, 'utf8'));
}
