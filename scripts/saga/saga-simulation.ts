import { Scheduler } from '../../subgraphs/shared/test/scheduler.ts';
import { gatherEvidence } from './evidence.ts';
import { violations } from './invariants.ts';
import {
  type Consumer,
  cancelSomeOrder,
  consumers,
  expireOverdue,
  placeOrder,
  readFresh,
  relays,
  restock,
  type Work,
} from './workers.ts';
import { createWorld, type SagaScenario, type World } from './world.ts';

const maxSteps = 20_000;
const maxWorkers = 6;

/**
 * Plays the whole saga with the real stores, handlers and relays of Orders and Products over embedded documents and
 * cache: several workers at a time, any of which may be killed, or become a zombie, at any awaited step. Lets
 * everything settle, and resolves with the invariants that are violated: none, if all is well.
 */
export async function simulateSaga(scenario: SagaScenario): Promise<string[]> {
  const world = await createWorld(scenario);
  try {
    await play(world);
    return [...world.problems, ...violations(await gatherEvidence(world))];
  } finally {
    await world.close();
  }
}

/** Random steps until the clients are done, and on until there is nothing left to do. */
async function play(world: World): Promise<void> {
  const scheduler = new Scheduler();
  await world.observer.observe(world.databases.products);
  const chance = (ofTenThousand: number) => world.choose() < ofTenThousand;
  for (let step = 0; step < maxSteps; step++) {
    const isBusy = world.placed < world.scenario.placements.length;
    if (!isBusy && scheduler.count === 0 && (await isQuiet(world))) return;
    if (scheduler.count < maxWorkers) await startSomebody(world, scheduler, isBusy);
    if (chance(50)) await scheduler.kill(world.choose());
    const chosen = world.choose();
    const burst = chance(1_000) ? 30 : 1;
    for (let n = 0; n < burst && scheduler.count > 0; n++) {
      await scheduler.step(chosen);
      await world.observer.observe(world.databases.products);
    }
    if (chance(50)) world.nowMs += 200;
  }
  world.problems.push('NO PROGRESS');
}

// Weights of a hundred: the clients' share is played only while there are placements left.
const clients: [number, string, Work][] = [
  [25, 'client', placeOrder],
  [8, 'canceller', cancelSomeOrder],
  [4, 'admin', restock],
];
const servers: [number, string, Work | Consumer][] = [
  [14, 'relay', relays.orders],
  [10, 'relay', relays.reservations],
  [4, 'relay', relays.products],
  [3, 'sweeper', expireOverdue],
  [5, 'reader', readFresh],
  [15, 'products', consumers.products],
  [9, 'orders', consumers.orders],
  [3, 'caches', consumers.caches],
];

async function startSomebody(world: World, scheduler: Scheduler, isBusy: boolean): Promise<void> {
  let choice = world.choose() % 100;
  for (const [weight, name, work] of [...clients, ...servers]) {
    choice -= weight;
    if (choice >= 0) continue;
    if (!isBusy && clients.some(([, client]) => client === name)) return;
    if (typeof work !== 'function') return consumeNext(world, scheduler, work);
    return scheduler.add(name, (pause) => work(world, pause));
  }
}

/** Takes the next batch of a partition that has one; if somebody is at work on it already, that one is a zombie now. */
async function consumeNext(world: World, scheduler: Scheduler, consumer: Consumer): Promise<void> {
  const { topic, group } = consumer;
  const behind = world.broker.behind(topic, group);
  const partition = behind[world.choose() % Math.max(1, behind.length)];
  if (partition === undefined) return;
  const batch = world.broker.take(topic, group, partition, 1 + (world.choose() % 4));
  await scheduler.add(group, async (pause) => {
    const { events, handler } = world.broker.connect(pause);
    await consumer.subscribe(world, pause, events);
    await handler()(batch);
    await pause();
    world.broker.commit(batch, group);
  });
}

async function isQuiet({ databases, broker }: World): Promise<boolean> {
  // The mark may outlive the entries, when a relay was killed in between: the next one's sweep takes it away.
  const waiting = { outboxAt: { $exists: true } };
  const full = await Promise.all([
    databases.orders.collection('orders').countDocuments(waiting),
    databases.products.collection('reservations').countDocuments(waiting),
    databases.products.collection('products').countDocuments(waiting),
  ]);
  const behind = Object.values(consumers).flatMap(({ topic, group }) => broker.behind(topic, group));
  return full.every((count) => count === 0) && behind.length === 0;
}
