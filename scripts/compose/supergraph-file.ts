import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { composeSupergraph, describeProblems } from './compose-supergraph.ts';
import { readSupergraphConfig } from './supergraph-config.ts';

const SUPERGRAPH_FILE = 'contracts/supergraph.graphql';

export type SupergraphFile =
  | { readonly kind: 'current' | 'outdated'; readonly path: string; readonly supergraphSdl: string }
  | { readonly kind: 'invalid'; readonly message: string };

/** Composes what `<root>/supergraph.yaml` names, and compares it with the committed file. Writes nothing. */
export function compareSupergraphFile(root: string): SupergraphFile {
  const config = readSupergraphConfig(join(root, 'supergraph.yaml'));
  const installed = `=${installedComposition(root)}`;
  if (config.federationVersion !== installed) {
    const message = `supergraph.yaml says federation_version ${config.federationVersion}; @apollo/composition is ${installed}.`;
    return { kind: 'invalid', message };
  }
  const composition = composeSupergraph(config);
  if (composition.kind === 'invalid')
    return { kind: 'invalid', message: describeProblems(composition.problems) };
  const path = join(root, SUPERGRAPH_FILE);
  const { supergraphSdl } = composition;
  const current = existsSync(path) && readFileSync(path, 'utf8') === supergraphSdl;
  return { kind: current ? 'current' : 'outdated', path, supergraphSdl };
}

/** The version of the library that composes: what rover composes with must be the same. */
function installedComposition(root: string): string {
  const file = join(root, 'node_modules/@apollo/composition/package.json');
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}
