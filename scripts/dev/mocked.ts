import type { HttpListener } from '@shop/shared/graphql/http-listener';
import { authenticateByUsers } from '@shop/shared/identity/authenticate-by-users';
import type { Closable } from '@shop/shared/process/run-until-signal';
import { portOf } from '../start/open-subgraphs.ts';
import type { GoodGraph } from './composed.ts';
import { type MockSubgraphOptions, startMockSubgraph } from './mock-subgraph.ts';
import type { MockIdentity } from './mock-users.ts';
import { type DevSetting, originOf } from './setting.ts';

/** The mocked subgraphs; `renew` starts those anew whose schemas have changed. */
export async function startMocked(
  setting: DevSetting & Pick<MockSubgraphOptions, 'verifyRouter'>,
  first: GoodGraph,
  identity: MockIdentity | undefined,
  opened: Closable[],
) {
  const { mocked, config, apiSecret, verifyRouter, log } = setting;
  const authenticate = authenticateByUsers({ apiSecret, usersUrl: originOf('users', setting) });
  const running = new Map<string, { sdl: string; listener: HttpListener }>();
  opened.push({
    close: async () =>
      void (await Promise.all([...running.values()].map(({ listener }) => listener.close(0)))),
  });
  async function renew({ sdls }: GoodGraph): Promise<void> {
    for (const name of mocked) {
      const sdl = sdls.get(name);
      if (sdl === undefined || running.get(name)?.sdl === sdl) continue;
      await running.get(name)?.listener.close(0);
      running.delete(name);
      const listener = await startMockSubgraph({
        sdl,
        host: config.HOST,
        port: portOf(name, config),
        authenticate,
        verifyRouter,
        log: log.child({ part: name }),
        identity: name === 'users' ? identity : undefined,
      });
      running.set(name, { sdl, listener });
    }
  }
  await renew(first);
  return { renew };
}
