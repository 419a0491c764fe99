import type { KnownDocument } from '@shop/router/operation-manifest';
import { buildSchema, parse, validate } from 'graphql';

/** Why released documents are not valid on the public API, one line each. */
export function releasedProblems(apiSdl: string, documents: readonly KnownDocument[]): string[] {
  const api = buildSchema(apiSdl);
  return documents.flatMap(({ name, id, body }) =>
    validate(api, parse(body)).map(({ message }) => `${name} (${id.slice(0, 12)}…): ${message}`),
  );
}
