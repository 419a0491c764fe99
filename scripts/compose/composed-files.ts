import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readClientOperations } from '@shop/router/client-operations';
import { manifestOf, readReleasedDocuments } from '@shop/router/operation-manifest';
import { toPublic } from './compose-public.ts';
import { composeSupergraph, describeProblems } from './compose-supergraph.ts';
import { releasedProblems } from './released-problems.ts';
import { readSupergraphConfig, type SupergraphConfig } from './supergraph-config.ts';

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
  const version = versionProblem(root, config);
  if (version !== null) return { kind: 'invalid', message: version };
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
  return { kind: 'composed', files: compareFiles(root, whole.supergraphSdl, open.apiSdl) };
}

/** Compares the committed files with what they would be made of this supergraph, public API and operations of clients. */
export function compareFiles(root: string, supergraphSdl: string, apiSdl: string): readonly ComposedFile[] {
  const operations = readClientOperations(join(root, 'contracts/operations'));
  const texts = [
    ['contracts/supergraph.graphql', supergraphSdl],
    ['contracts/api.graphql', apiSdl],
    ['contracts/operations/manifest.json', manifestOf(operations)],
  ] as const;
  return texts.map(([file, text]) => {
    const path = join(root, file);
    return { path, text, isCurrent: existsSync(path) && readFileSync(path, 'utf8') === text };
  });
}

/** Why the version of federation in supergraph.yaml is not the one that composes here; null when it is. */
export function versionProblem(root: string, { federationVersion }: SupergraphConfig): string | null {
  const installed = `=${installedComposition(root)}`;
  return federationVersion === installed
    ? null
    : `supergraph.yaml says federation_version ${federationVersion}; @apollo/composition is ${installed}.`;
}

/** The version of the library that composes: what rover composes with must be the same. */
function installedComposition(root: string): string {
  const file = join(root, 'node_modules/@apollo/composition/package.json');
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}
