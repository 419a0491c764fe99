import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openMongoDocuments } from '@shop/shared/documents/mongo/open-mongo-documents';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Member } from '../cluster/layout.ts';
import { realServers, startTestCluster, type TestCluster } from '../cluster/test-cluster.ts';
import { federation } from '../e2e/suites/federation.ts';
import { freshness } from '../e2e/suites/freshness.ts';
import { purchase } from '../e2e/suites/purchase.ts';
import { operationsOfV1 } from '../e2e/suites/v1.ts';
import { waiting } from '../e2e/suites/waiting.ts';
import { describeReleases, releases, root, unpackWithinMs } from './describe-mixes.ts';
import { composeTrees } from './mixed-shop.ts';
import { treesOf } from './mixes.ts';
import { loadPartCode } from './part-code.ts';

const runReleased = fileURLToPath(new URL('run-released.ts', import.meta.url));
const runRouter = fileURLToPath(new URL('run-router.ts', import.meta.url));

/** Starts Users of a tree on a database, and ends it. */
async function runOnce(tree: string, database: string): Promise<void> {
  const { createSubgraph, createLog } = await loadPartCode(tree, 'users');
  const documents = await openMongoDocuments({ uri: realServers!.MONGODB_URI, database });
  const log = createLog('users', 'silent');
  const listen = { host: '127.0.0.1', port: 0, log };
  const secrets = {
    apiSecret: 'a secret of a moment',
    keysSecrets: ['a secret of a moment for signing keys'],
  };
  const users = await createSubgraph({ documents, ...listen, ...secrets } as never);
  await users.close();
  await documents.close();
}

describe.runIf(realServers)('on real servers', () => {
  describeReleases('a process of each release beside one of this tree, on the graph of the releases', () => {
    const folder = mkdtempSync(join(tmpdir(), 'shop-rolling-'));
    const older: string[] = [];
    let cluster: TestCluster;

    beforeAll(async () => {
      const trees = await treesOf(root, new Set(releases.map(({ name }) => name)));
      const supergraph = join(folder, 'supergraph.graphql');
      writeFileSync(supergraph, composeTrees(root, trees));
      const adapt = (member: Member): Member => {
        const variables = { ...member.variables, DATA_DIR: folder, SUPERGRAPH: supergraph };
        if (member.part === 'router') return { ...member, variables, script: runRouter };
        const tree = member.name.endsWith('.1') ? trees.get(member.part) : undefined;
        if (tree === undefined || tree === root) return { ...member, variables };
        older.push(member.name);
        return { ...member, variables: { ...variables, RELEASED_TREE: tree }, script: runReleased };
      };
      const counts = Object.fromEntries(releases.map(({ name }) => [name, 2]));
      // Where a shop of the release runs already: its Users has made its key.
      const prepare = (prefix: string) => runOnce(trees.get('users') ?? root, `${prefix}users`);
      cluster = await startTestCluster(realServers!, { counts, adapt, prepare });
    }, unpackWithinMs);
    afterAll(async () => {
      await cluster?.stop();
      rmSync(folder, { recursive: true, force: true });
    });

    const shop = { start: async () => cluster, end: async () => {} };
    describe('the operations of v1', () => operationsOfV1(shop));
    describe('a purchase', () => purchase(shop));
    describe('waitMs', () => waiting(shop));
    describe('federation', () => federation(shop));
    describe('reads after a confirmed order', () => freshness(shop));

    test('every process is still the one that was started, one of each subgraph a released one', () => {
      expect(older.sort()).toEqual(releases.map(({ name }) => `${name}.1`).sort());
      expect(cluster.output()).not.toMatch(/it is started again/);
    });
  });
});
