import { join } from 'node:path';
import type { Closable } from '@shop/shared/process/run-until-signal';
import { untilReady } from '../start/until-ready.ts';
import { createRestartable } from './restartable.ts';
import { type DevSetting, originOf } from './setting.ts';

/** The real subgraphs, all in one process; `renew` starts it anew, and says what becomes of it. */
export async function startReal(setting: DevSetting, opened: Closable[]) {
  const { root, real, config, apiSecret, routerSecret, environment, print } = setting;
  const who = real.join(', ');
  const script = join(root, 'scripts/dev/real-subgraphs.ts');
  const own = {
    API_SECRET: apiSecret,
    ROUTER_SECRET: routerSecret,
    DATA_DIR: config.DATA_DIR,
    USERS_URL: originOf('users', setting),
  };
  let life = new AbortController();
  const process = createRestartable([script, ...real], { ...environment, ...own }, (how) => {
    print(`${who} ended with ${how}: started again at the next change.`);
    life.abort(new Error(`${who} ended with ${how}`));
  });
  opened.push({ close: () => process.stop() });
  const parts = real.map((name) => ({ name, url: originOf(name, setting) }));
  const restart = async () => {
    life = new AbortController();
    await process.restart();
    await untilReady(parts, print, undefined, life.signal);
  };
  await restart();
  return {
    async renew() {
      try {
        await restart();
        print(`${who}: started again.`);
      } catch (error) {
        if (!life.signal.aborted) print((error as Error).message);
      }
    },
  };
}
