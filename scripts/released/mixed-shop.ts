import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { composeSupergraph, describeProblems } from '../compose/compose-supergraph.ts';
import { readSupergraphConfig } from '../compose/supergraph-config.ts';
import { type InProcessShop, type InProcessShopOptions, startInProcessShop } from '../e2e/in-process-shop.ts';
import type { NamedSubgraph, startSubgraphs } from '../start/subgraphs.ts';
import { loadPartCode, type PartCode } from './part-code.ts';

/** The root of the tree that each subgraph's code comes from. */
export type Trees = ReadonlyMap<string, string>;

/**
 * The supergraph of the schemas that these trees have, at the addresses of this one's supergraph.yaml.
 *
 * @throws Error with every problem when they do not compose
 */
export function composeTrees(root: string, trees: Trees): string {
  const config = readSupergraphConfig(join(root, 'supergraph.yaml'));
  const subgraphs = config.subgraphs.map((subgraph) => {
    const file = join(trees.get(subgraph.name) ?? root, subgraph.file);
    return { ...subgraph, file, sdl: readFileSync(file, 'utf8') };
  });
  const composition = composeSupergraph({ ...config, subgraphs });
  if (composition.kind === 'invalid') throw new Error(describeProblems(composition.problems));
  return composition.supergraphSdl;
}

/**
 * The whole shop in this process with each subgraph of its own tree: its code, its documents, its authentication.
 * What they share is what they share when they are deployed: HTTP, and the log of events, which here is an
 * adapter of this tree's.
 */
export async function startMixedShop(
  trees: Trees,
  options: Pick<InProcessShopOptions, 'supergraph' | 'eventsFile'> & {
    documentsFile?: (name: string) => string;
  },
): Promise<InProcessShop> {
  const { documentsFile = () => ':memory:', ...rest } = options;
  const code = new Map(
    await Promise.all(
      [...trees].map(async ([name, root]) => [name, await loadPartCode(root, name)] as const),
    ),
  );
  return startInProcessShop({
    ...rest,
    openDocuments: (name) => codeOf(code, name).openEmbeddedDocuments({ file: documentsFile(name) }),
    startSubgraphs: (names, given) => startParts(code, names, given),
  });
}

function codeOf(code: ReadonlyMap<string, PartCode>, name: string): PartCode {
  const found = code.get(name);
  if (!found) throw new Error(`no tree is named for ${name}`);
  return found;
}

async function startParts(
  code: ReadonlyMap<string, PartCode>,
  names: readonly string[],
  { apiSecret, keysSecrets, dependenciesOf }: Parameters<typeof startSubgraphs>[1],
): Promise<NamedSubgraph[]> {
  const start = async (name: string, usersUrl?: string): Promise<NamedSubgraph> => {
    const { createSubgraph, authenticateByUsers, createLog, openEmbeddedCache } = codeOf(code, name);
    const cache = openEmbeddedCache();
    const subgraph = await createSubgraph({
      ...dependenciesOf(name),
      cache,
      log: createLog(name, 'silent'),
      apiSecret,
      keysSecrets,
      ...(usersUrl !== undefined && { authenticate: authenticateByUsers({ apiSecret, usersUrl }) }),
    });
    const close = async () => {
      await subgraph.close();
      await cache.close();
    };
    return { name, subgraph: { url: subgraph.url, close } };
  };
  const users = await start('users');
  const others = names.filter((name) => name !== 'users');
  return [users, ...(await Promise.all(others.map((name) => start(name, users.subgraph.url))))];
}
