import type { ServerName } from '../servers.ts';
import type { Scenario, Stage } from '../stage.ts';

const shortOutageMs = 10_000;
/** Longer than a consumer's session and every deadline of a request. */
const longOutageMs = 60_000;
const flushes = 10;

/** The outage, in which orders must still be taken, from its beginning to its end. */
export async function takingOrders(
  { acknowledged, pause, violation }: Stage,
  what: string,
  outageMs: number,
): Promise<void> {
  for (const part of ['first', 'second'] as const) {
    const before = acknowledged();
    await pause(outageMs / 2);
    if (acknowledged() === before)
      violation(`no order was acknowledged in the ${part} half of the time that ${what}`);
  }
}

async function killAndStart({ servers, pause }: Stage, server: ServerName): Promise<void> {
  await servers.kill(server);
  await pause(shortOutageMs);
  await servers.start(server);
}

async function freezeAndWake(stage: Stage, server: ServerName, frozenMs: number): Promise<void> {
  await stage.servers.freeze(server);
  await stage.pause(frozenMs);
  await stage.servers.wake(server);
}

export const serverScenarios: Scenario[] = [
  {
    name: 'kafka-killed',
    about: 'Kafka is killed and started again after 10 s.',
    loadMs: 30_000,
    slow: true,
    async inject(stage) {
      await stage.servers.kill('kafka');
      await takingOrders(stage, 'Kafka was away', shortOutageMs);
      await stage.servers.start('kafka');
    },
  },
  {
    name: 'kafka-unreachable',
    about: 'Whatever is sent to Kafka is swallowed for 60 s; orders are taken all the while.',
    network: true,
    loadMs: 90_000,
    slow: true,
    async inject(stage) {
      await stage.network.cut(['products', 'kafka'], 'silent');
      await stage.network.cut(['orders', 'kafka'], 'silent');
      await takingOrders(stage, 'Kafka was unreachable', longOutageMs);
      await stage.network.heal();
    },
  },
  {
    name: 'kafka-frozen',
    about: 'Kafka is frozen for 20 s, longer than the sessions of its consumers.',
    loadMs: 40_000,
    slow: true,
    async inject(stage) {
      await stage.servers.freeze('kafka');
      await takingOrders(stage, 'Kafka was frozen', 2 * shortOutageMs);
      await stage.servers.wake('kafka');
    },
  },
  {
    name: 'mongo-killed',
    about: 'The document server is killed and started again after 10 s.',
    loadMs: 25_000,
    slow: true,
    mayRefuse: true,
    inject: (stage) => killAndStart(stage, 'mongo'),
  },
  {
    name: 'mongo-killed-often',
    about: 'The document server is killed and started again at once, three times.',
    loadMs: 20_000,
    slow: true,
    mayRefuse: true,
    async inject({ servers, pause, random }) {
      for (let n = 0; n < 3; n += 1) {
        await servers.kill('mongo');
        await servers.start('mongo');
        await pause(1_000 + random.below(2_000));
      }
    },
  },
  {
    name: 'mongo-frozen',
    about: 'The document server is frozen for 10 s, longer than the deadline of an operation on it.',
    loadMs: 25_000,
    slow: true,
    mayRefuse: true,
    inject: (stage) => freezeAndWake(stage, 'mongo', shortOutageMs),
  },
  {
    name: 'redis-killed',
    about: 'Redis is killed and started again, empty, after 10 s.',
    loadMs: 20_000,
    inject: (stage) => killAndStart(stage, 'redis'),
  },
  {
    name: 'redis-flushed',
    about: 'Redis forgets everything, ten times.',
    loadMs: 8_000,
    async inject({ servers, pause, random }) {
      for (let n = 0; n < flushes; n += 1) {
        await servers.flushRedis();
        await pause(random.below(600));
      }
    },
  },
  {
    name: 'redis-frozen',
    about: 'Redis is frozen until all orders are placed and decided: what it kept is from before.',
    loadMs: 8_000,
    inject: (stage) => freezeAndWake(stage, 'redis', 12_000),
  },
];
