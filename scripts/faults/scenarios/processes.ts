import type { Scenario, Stage } from '../stage.ts';

/** Longer than the 12 s after which Kafka takes a silent consumer's partitions away, and the handing over. */
const longerThanASessionMs = 20_000;

async function killSome(stage: Stage, parts: ('products' | 'orders')[], times: number): Promise<void> {
  for (let n = 0; n < times; n += 1) {
    await Promise.all(parts.map((part) => stage.processes.kill(stage.random.pick(stage.processes.of(part)))));
    await stage.pause(300 + stage.random.below(3_000));
  }
}

function zombie(name: string, part: 'products' | 'orders', who: string): Scenario {
  return {
    name,
    about: `${who} is frozen until its partitions are taken over, then woken.`,
    loadMs: 30_000,
    slow: true,
    async inject({ processes, pause, random }) {
      const frozen = random.pick(processes.of(part));
      processes.freeze(frozen);
      await pause(longerThanASessionMs);
      processes.wake(frozen);
    },
  };
}

export const processScenarios: Scenario[] = [
  {
    name: 'nothing',
    about: 'No fault at all: what the others are measured against.',
    loadMs: 5_000,
    inject: async () => {},
  },
  {
    name: 'kill-products',
    mayRefuse: true,
    about: 'A Products process is killed, three times.',
    loadMs: 12_000,
    inject: (stage) => killSome(stage, ['products'], 3),
  },
  {
    name: 'kill-orders',
    mayRefuse: true,
    about: 'An Orders process is killed, three times.',
    loadMs: 12_000,
    inject: (stage) => killSome(stage, ['orders'], 3),
  },
  {
    name: 'kill-both',
    mayRefuse: true,
    about: 'A Products and an Orders process are killed at once, three times.',
    loadMs: 12_000,
    inject: (stage) => killSome(stage, ['products', 'orders'], 3),
  },
  {
    name: 'kill-all-products',
    about: 'Every Products process is killed at once.',
    loadMs: 12_000,
    mayRefuse: true,
    async inject({ processes }) {
      await Promise.all(processes.of('products').map((name) => processes.kill(name)));
    },
  },
  zombie('zombie', 'products', 'A Products process'),
  zombie('zombie-orders', 'orders', 'An Orders process'),
  {
    name: 'rolling-restart',
    about: 'Every process, routers too, is restarted with SIGTERM, one after the other.',
    loadMs: 40_000,
    layout: { users: 2, images: 2 },
    slow: true,
    async inject({ processes, violation, say }) {
      for (const part of ['users', 'images', 'products', 'orders', 'router'] as const) {
        for (const name of processes.of(part)) {
          const code = await processes.restart(name);
          if (code !== 0) violation(`${name} ended with ${code} after SIGTERM`);
          await processes.untilReady();
          say(`${name} restarted`);
        }
      }
    },
  },
  {
    name: 'consumers-come-and-go',
    about: 'Products and Orders processes are added and taken away, down to one of each and up to three.',
    loadMs: 25_000,
    layout: { products: 3, orders: 3 },
    slow: true,
    async inject({ processes, pause }) {
      for (const n of [3, 2]) {
        await Promise.all([processes.remove(`products.${n}`), processes.remove(`orders.${n}`)]);
        await pause(2_000);
      }
      for (const n of [2, 3]) {
        processes.add(`products.${n}`);
        processes.add(`orders.${n}`);
        await processes.untilReady();
        await pause(1_000);
      }
    },
  },
];
