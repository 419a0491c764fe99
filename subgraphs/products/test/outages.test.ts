import { deadLetterTopics, topics } from '@shop/contracts/events/topics.ts';
import { interceptDocuments, type Operation } from '@shop/shared/documents/intercept-documents';
import type { CloudEvent } from '@shop/shared/events/cloud-event';
import type { Events } from '@shop/shared/events/port';
import { UnavailableError } from '@shop/shared/unavailable';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { codeOf } from '../../shared/test/ask.ts';
import { type Ground, openGroundInMemory } from '../../shared/test/grounds.ts';
import { productsOf } from '../src/product-store.ts';
import {
  adjust,
  cancelledRecord,
  collect,
  create,
  placedRecord,
  publishOrders,
  readOne,
  resolveEntities,
  startProducts,
  tryTo,
} from './products-under-test.ts';

const patient = { timeout: 20_000 };

let ground: Ground;
let decided: CloudEvent<(typeof topics.inventory.types)[number]>[];
let changed: CloudEvent<(typeof topics.products.types)[number]>[];
let deadLetters: number;

beforeEach(async () => {
  ground = openGroundInMemory();
  decided = await collect(ground.events, topics.inventory);
  changed = await collect(ground.events, topics.products);
  deadLetters = 0;
  await ground.events.createTopics([deadLetterTopics.orders]);
  await ground.events.subscribe(
    { group: 'dead', topics: [deadLetterTopics.orders.topic] },
    async ({ records }) => {
      deadLetters += records.length;
    },
  );
});
afterEach(() => ground.remove());

const decisions = () => new Set(decided.map(({ id, type }) => `${id} ${type}`));
const stored = async (_id: string) => (await productsOf(ground.documents).findOne({ _id }))!;

/** The three orders of each test: one served, one that asks for too much, one cancelled. */
const orders = (tea: string) => [
  placedRecord('served', { [tea]: 2 }),
  placedRecord('greedy', { [tea]: 100, none: 1 }),
  placedRecord('undone', { [tea]: 3 }),
  cancelledRecord('undone'),
];
const fate = new Set([
  'served:1 inventory.reserved',
  'greedy:1 inventory.rejected',
  'undone:1 inventory.reserved',
  'undone:2 inventory.released',
]);

async function expectServed(tea: string): Promise<void> {
  await expect.poll(decisions, patient).toEqual(fate);
  await expect.poll(async () => (await stored(tea)).holds, patient).toEqual({});
  expect(await stored(tea)).toMatchObject({ quantity: 8, committed: 2, stocked: 10 });
  expect(deadLetters).toBe(0);
}

/** The ground with a database that does not answer as long as `isAway` says so; `ran`: it did what it was asked. */
function unreliable(isAway: (operation: Operation) => 'before' | 'after' | false) {
  return interceptDocuments(ground.documents, async (operation, run) => {
    const away = isAway(operation);
    if (away === 'before') throw new UnavailableError('the database is away');
    const result = await run();
    if (away === 'after') throw new UnavailableError('its answer got lost');
    return result;
  });
}

describe('a database that is away for a while', () => {
  test.each(['before', 'after'] as const)(
    'delays decisions, %s each write in turn, and changes none',
    async (when) => {
      const failed = new Set<number>();
      let isArmed = false;
      let writes = 0;
      const documents = unreliable(({ method }) => {
        if (!isArmed || method !== 'bulkWrite') return false;
        // The next step fails at each delivery, until each has failed once.
        const step = writes++;
        if (failed.size >= 9 || step < failed.size) return false;
        failed.add(failed.size);
        writes = 0;
        return when;
      });
      const products = await startProducts({ ...ground, documents });
      const tea = await create(products, { quantity: 10 });
      isArmed = true;
      await publishOrders(ground.events, ...orders(tea._id));
      await expectServed(tea._id);
      expect(failed.size).toBeGreaterThan(3);
      await products.close();
    },
  );

  test('is SERVICE_UNAVAILABLE to who changes or reads, and nothing half done is left', async () => {
    let isAway = false;
    const products = await startProducts({ ...ground, documents: unreliable(() => isAway && 'before') });
    const tea = await create(products);
    isAway = true;
    expect(codeOf(await tryTo.create(products, { name: 'x', price: 1, quantity: 1 }))).toBe(
      'SERVICE_UNAVAILABLE',
    );
    expect(codeOf(await tryTo.adjust(products, tea._id, 1))).toBe('SERVICE_UNAVAILABLE');
    isAway = false;
    expect(await readOne(products, tea._id)).toEqual(tea);
    expect(await productsOf(ground.documents).countDocuments({})).toBe(1);
    await products.close();
  });
});

describe('brokers that are away for a while', () => {
  test('delay what is told, and lose nothing', async () => {
    let isAway = false;
    const { events } = ground;
    const flaky: Events = {
      createTopics: (declared) => events.createTopics(declared),
      subscribe: (options, onBatch) => events.subscribe(options, onBatch),
      readAll: (topics) => events.readAll(topics),
      logId: () => events.logId(),
      ping: () => events.ping(),
      close: () => events.close(),
      async publish(topic, records) {
        if (isAway) throw new UnavailableError('the brokers are away');
        await events.publish(topic, records);
      },
    };
    const products = await startProducts({ ...ground, events: flaky });
    isAway = true;
    const tea = await create(products, { quantity: 9 });
    expect((await adjust(products, tea._id, 1)).quantity).toBe(10);
    await publishOrders(ground.events, ...orders(tea._id));
    await expect.poll(async () => (await stored(tea._id)).quantity, patient).toBe(8);
    expect(decisions().size).toBe(0);
    isAway = false;
    await expectServed(tea._id);
    const told = () => new Set(changed.map(({ id }) => id));
    await expect.poll(told, patient).toContain(`${tea._id}:2`);
    expect(told()).toContain(`${tea._id}:1`);
    await expect
      .poll(
        () => changed.some(({ source, data }) => source && 'quantity' in data && data.quantity === 8),
        patient,
      )
      .toBe(true);
    await products.close();
  });
});

test('an order that is being decided counts as reserved', async () => {
  let letGo = () => {};
  const gate = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  let isHeld = false;
  const documents = interceptDocuments(ground.documents, async ({ collection, method, args }, run) => {
    const isDecision = method === 'bulkWrite' && JSON.stringify(args).includes('"inventory.reserved"');
    if (collection === 'reservations' && isDecision) {
      isHeld = true;
      await gate;
    }
    return run();
  });
  const products = await startProducts({ ...ground, documents });
  const tea = await create(products, { quantity: 10 });
  const inventory = async () =>
    (await resolveEntities(products, [tea._id], 'inventory { available reserved sold }'))[0]?.inventory;
  expect(await inventory()).toEqual({ available: 10, reserved: 0, sold: 0 });
  await publishOrders(ground.events, placedRecord('o', { [tea._id]: 4 }));
  await expect.poll(() => isHeld, patient).toBe(true);
  expect(await inventory()).toEqual({ available: 6, reserved: 4, sold: 0 });
  // Invalidated before the decision: whoever is told of it reads what it left.
  expect((await readOne(products, tea._id))?.quantity).toBe(6);
  letGo();
  await expect.poll(inventory, patient).toEqual({ available: 6, reserved: 0, sold: 4 });
  await products.close();
});

test('two processes share the work, and one goes on when the other leaves', async () => {
  const [first, second] = [await startProducts(ground), await startProducts(ground)];
  const tea = await create(first, { quantity: 50 });
  const place = (from: number) =>
    publishOrders(
      ground.events,
      ...Array.from({ length: 40 }, (_, n) => placedRecord(`o${from + n}`, { [tea._id]: 1 })),
    );
  await place(0);
  await first.close();
  await place(40);
  await expect.poll(() => decisions().size, patient).toBe(80);
  await expect.poll(async () => (await stored(tea._id)).holds, patient).toEqual({});
  expect(await stored(tea._id)).toMatchObject({ quantity: 0, committed: 50, stocked: 50 });
  expect((await readOne(second, tea._id))?.quantity).toBe(0);
  await second.close();
});
