import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import type { GraphVerdict } from '../check-graph/check-graph.ts';
import { readSupergraphConfig } from '../compose/supergraph-config.ts';
import type { NewSubgraph } from './change.ts';
import type { PublishedSubgraph } from './entry.ts';
import type { Checkout } from './run-command.ts';

/** Publishes with the operations, the accepted hints and the composition of the checkout at `root`. */
export function openCheckout(root: string): Checkout {
  return {
    readSubgraphs(what): NewSubgraph[] {
      if (what.kind === 'one')
        return [{ name: what.name, routingUrl: what.routingUrl, schema: readSchema(what.schemaFile) }];
      const { subgraphs } = readSupergraphConfig(join(root, 'supergraph.yaml'));
      return subgraphs.map(({ name, url, sdl }) => ({ name, routingUrl: url, schema: sdl }));
    },
    publisher(store, by) {
      const compositionVersion = versionOf(root, '@apollo/composition');
      return {
        store,
        check: (subgraphs, baseSupergraphSdl) =>
          check(root, compositionVersion, subgraphs, baseSupergraphSdl),
        by: by ?? whoami(root),
        now: () => new Date(),
        compositionVersion,
      };
    },
  };
}

async function check(
  root: string,
  compositionVersion: string,
  published: readonly PublishedSubgraph[],
  baseSupergraphSdl: string | null,
): Promise<GraphVerdict> {
  // Imported here, because it takes half a second and a look at the history needs none of it.
  const [{ checkGraph }, { readGraphInput }] = await Promise.all([
    import('../check-graph/check-graph.ts'),
    import('../check-graph/read-input.ts'),
  ]);
  const subgraphs = published.map(({ name, routingUrl, schema }) => {
    return { name, url: routingUrl, file: `${name}.graphql`, sdl: schema };
  });
  return checkGraph({
    ...readGraphInput(root, { baseSupergraphSdl, usage: undefined, today: new Date() }),
    subgraphs: { federationVersion: `=${compositionVersion}`, subgraphs },
    // Plans are compared where they are committed; what a store serves is its own mixture of versions.
    plans: null,
  });
}

function readSchema(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new Error(`--schema cannot be read: ${(error as Error).message}`, { cause: error });
  }
}

function versionOf(root: string, name: string): string {
  const file = join(root, 'node_modules', name, 'package.json');
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}

/** The author that git would record, else the user of this machine. */
function whoami(root: string): string {
  try {
    const name = execFileSync('git', ['config', 'user.name'], {
      cwd: root,
      encoding: 'utf8',
      timeout: 5_000,
    }).trim();
    if (name !== '') return name;
  } catch {
    // No git here, or no name in it.
  }
  return process.env.USER ?? userInfo().username;
}
