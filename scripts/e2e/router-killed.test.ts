import { createHash } from 'node:crypto';
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { newRouterSecret } from '../start/own-router.ts';
import { createClient } from './client.ts';
import { freePorts } from './free-ports.ts';
import { type InProcessShop, startInProcessShop } from './in-process-shop.ts';
import { endAllShops, spawnStart, temporaryFolder } from './shop-process.ts';

const committed = readFileSync(new URL('../../contracts/supergraph.graphql', import.meta.url), 'utf8');
const graph = (n: number) => `${committed}# version ${n}\n`;
const hashOf = (text: string) => createHash('sha256').update(text).digest('hex');

const routerSecret = newRouterSecret();
let shop: InProcessShop;
beforeAll(async () => {
  shop = await startInProcessShop({ routerSecret });
});
afterAll(async () => {
  await endAllShops();
  await shop.close();
});

interface Readiness {
  supergraph: { hash: string; lastError: { reason: string } | null };
}

async function startRouter(dataDir: string, supergraph: string) {
  const port = await freePorts(1);
  const urls = Object.entries(shop.subgraphs).map(([name, { url }]) => [`${name.toUpperCase()}_URL`, url]);
  const child = spawnStart(['router'], {
    PORT: `${port}`,
    DATA_DIR: dataDir,
    SUPERGRAPH: supergraph,
    SUPERGRAPH_POLL_MS: '100',
    LOG_LEVEL: 'error',
    ROUTER_SECRET: routerSecret,
    ...Object.fromEntries(urls),
  });
  const url = `http://127.0.0.1:${port}`;
  const readiness = async () => {
    const response = await fetch(`${url}/readyz`).catch(() => null);
    return response?.ok ? ((await response.json()) as Readiness) : null;
  };
  for (const deadline = Date.now() + 30_000; !(await readiness()); await sleep(20)) {
    if (child.process.exitCode !== null || Date.now() > deadline) throw new Error(child.output());
  }
  return { url, child, status: async () => (await readiness())!.supergraph };
}

// How long after the first swap the router is killed: while it proves, keeps or serves one of those that follow.
test.each([60, 230, 410])(
  'a router that is killed during swaps (%i ms) serves the last good graph without its source',
  { timeout: 90_000 },
  async (afterMs) => {
    const dataDir = temporaryFolder();
    const file = join(dataDir, 'source.graphql');
    let written = 0;
    const replace = () => {
      writeFileSync(`${file}.new`, graph(written++));
      renameSync(`${file}.new`, file);
    };
    replace();
    const first = await startRouter(dataDir, file);
    const swapping = setInterval(replace, 70);
    for (const begun = await first.status(); (await first.status()).hash === begun.hash; ) await sleep(5);
    await sleep(afterMs);
    const served = (await first.status()).hash;
    first.child.process.kill('SIGKILL');
    await first.child.exited;
    clearInterval(swapping);
    rmSync(file);

    const { url, child, status } = await startRouter(dataDir, file);
    const { hash, lastError } = await status();
    const versions = Array.from({ length: written }, (_, n) => hashOf(graph(n)));
    expect(versions.indexOf(hash)).toBeGreaterThanOrEqual(versions.indexOf(served));
    expect(lastError?.reason).toContain('ENOENT');
    expect((await createClient(url).ask('{ products { _id images { url } } me { _id } }')).codes).toEqual([]);

    replace();
    for (const deadline = Date.now() + 10_000; (await status()).lastError !== null; await sleep(20)) {
      if (Date.now() > deadline) throw new Error(child.output());
    }
    expect((await status()).hash).toBe(hashOf(graph(written - 1)));
    child.process.kill('SIGKILL');
    await child.exited;
  },
);
