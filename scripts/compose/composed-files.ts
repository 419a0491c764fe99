import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readClientOperations } from '@shop/router/client-operations';
import { manifestOf, readReleasedDocuments } from '@shop/router/operation-manifest';
import { toPublic } from './compose-public.ts';
import { composeSupergraph, describeProblems } from './compose-supergraph.ts';
import { releasedProblems } from './released-problems.ts';
import { readSupergraphConfig } from './supergraph-config.ts';

/** A file of contracts/ that is made of the subgraphs' schemas, or of the operations of clients. */
export interface ComposedFile {
  readonly path: string;
  readonly text: string;
  /** Whether this is what the committed file says. */
  readonly isCurrent: boolean;
}

export type ComposedFiles =
  | { readonly kind: 'composed'; readonly files: readonly ComposedFile[] }
  | { readonly kind: 'invalid'; readonly message: string };

/**
 * Composes what `<root>/supergraph.yaml` names into the supergraph and the public API, lists the operations of clients in
 * their manifest, and compares all three with the committed files. Writes nothing.
 */
export function compareComposedFiles(root: string): ComposedFiles {
  const config = readSupergraphConfig(join(root, 'supergraph.yaml'));
  const installed = `=${installedComposition(root)}`;
  if (config.federationVersion !== installed) {
    const message = `supergraph.yaml says federation_version ${config.federationVersion}; @apollo/composition is ${installed}.`;
    return { kind: 'invalid', message };
  }
  const whole = composeSupergraph(config);
  if (whole.kind === 'invalid') return { kind: 'invalid', message: describeProblems(whole.problems) };
  const open = toPublic(whole);
  if (open.kind === 'invalid') {
    const message = `Without what is tagged internal:\n\n${describeProblems(open.problems)}`;
    return { kind: 'invalid', message };
  }
  const operations = join(root, 'contracts/operations');
  const broken = releasedProblems(open.apiSdl, readReleasedDocuments(operations));
  if (broken.length > 0) {
    const message = `Clients that are still about send what would no longer work:\n\n${broken.join('\n')}`;
    return { kind: 'invalid', message };
  }
  const texts = [
    ['contracts/supergraph.graphql', whole.supergraphSdl],
    ['contracts/api.graphql', open.apiSdl],
    ['contracts/operations/manifest.json', manifestOf(readClientOperations(operations))],
  ] as const;
  const files = texts.map(([file, text]) => {
    const path = join(root, file);
    return { path, text, isCurrent: existsSync(path) && readFileSync(path, 'utf8') === text };
  });
  return { kind: 'composed', files };
}

/** The version of the library that composes: what rover composes with must be the same. */
function installedComposition(root: string): string {
  const file = join(root, 'node_modules/@apollo/composition/package.json');
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}
