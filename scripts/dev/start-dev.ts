import { join } from 'node:path';
import { createRouter } from '@shop/router/router';
import { routerSecretKeys } from '@shop/shared/identity/router-keys';
import type { Closable } from '@shop/shared/process/run-until-signal';
import { ownRouter } from '../start/own-router.ts';
import { composeNow, type GoodGraph } from './composed.ts';
import { createMockIdentity } from './mock-users.ts';
import { startMocked } from './mocked.ts';
import { createPushedSupergraph } from './pushed-supergraph.ts';
import { startReal } from './real.ts';
import { type DevSetting, originOf } from './setting.ts';
import { type Watched, watchFolders } from './watch.ts';

export interface DevGraph {
  url: string;
  /** The token of a user, when Users is mocked. */
  token: string | undefined;
}

/**
 * Starts a graph to develop with: a router over real subgraphs, in a process of their own, and mocked ones. Resolves when
 * it answers; from then on it takes up what changes in their files, and goes on with the last schemas that composed.
 * What is to be closed is in `opened`, the last first.
 */
export async function startDev(setting: DevSetting, opened: Closable[]): Promise<DevGraph> {
  const { root, real, mocked, config, apiSecret, routerSecret, log } = setting;
  const { assertRouter, verifyRouter } = ownRouter(
    { ...config, ROUTER_SECRET: routerSecretKeys(routerSecret) },
    log,
  );
  const names = [...real, ...mocked];
  const first = composeNow(root, names);
  if (first.kind === 'invalid') throw new Error(`The subgraphs do not compose.\n\n${first.why}`);
  const identity = mocked.includes('users') ? await createMockIdentity() : undefined;
  const mocks = await startMocked({ ...setting, verifyRouter }, first, identity, opened);
  const source = createPushedSupergraph(first.supergraphSdl);
  const processes = await startReal(setting, opened);
  const router = await createRouter({
    supergraph: source,
    apiSecret,
    assertRouter,
    subgraphUrls: Object.fromEntries(names.map((name) => [name, [`${originOf(name, setting)}/graphql`]])),
    host: config.HOST,
    port: config.PORT,
    log: log.child({ part: 'router' }),
  });
  opened.push(router);
  await takeUpChanges(setting, opened, async (composed, isOfReal) => {
    try {
      await mocks.renew(composed);
      if (isOfReal) await processes.renew();
      source.push(composed.supergraphSdl);
    } catch (error) {
      setting.print(error instanceof Error ? error.message : String(error));
    }
  });
  return { url: router.url, token: identity?.token };
}

/** Composes at every change; what does not compose is said, and nothing changes. */
async function takeUpChanges(
  { root, real, mocked, print }: DevSetting,
  opened: Closable[],
  takeUp: (composed: GoodGraph, isOfReal: boolean) => Promise<void>,
): Promise<void> {
  const names = [...real, ...mocked];
  const shared: Watched[] = [
    { folder: 'subgraphs/shared/src', deep: true },
    { folder: 'contracts', deep: false },
    { folder: 'contracts/events', deep: false },
  ];
  const folders = [
    ...names.map((name) => ({ folder: `subgraphs/${name}`, deep: false })),
    ...real.map((name) => ({ folder: `subgraphs/${name}/src`, deep: true })),
    ...shared,
  ];
  const isOfMock = (path: string) => mocked.some((name) => path.startsWith(join('subgraphs', name, '/')));
  // What changed while the graph did not compose is taken up with the change after which it does.
  let concernsReal = false;
  const watcher = watchFolders(root, folders, async (paths) => {
    print(`\nChanged: ${paths.join(', ')}`);
    concernsReal ||= !paths.every(isOfMock);
    const composed = composeNow(root, names);
    if (composed.kind === 'invalid') {
      return print(`The subgraphs do not compose: what did is still served.\n\n${composed.why}`);
    }
    const isOfReal = concernsReal;
    concernsReal = false;
    await takeUp(composed, isOfReal);
  });
  opened.push({ close: async () => watcher.close() });
}
