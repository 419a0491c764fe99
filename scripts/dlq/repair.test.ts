import { topics } from '@shop/contracts/events/topics.ts';
import { deadLetter, deadLetterTopic } from '@shop/shared/events/dead-letters';
import type { Events } from '@shop/shared/events/port';
import type { Subgraph } from '@shop/shared/process/subgraph';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { place, readOrder, startOrders, untilStatus } from '../../subgraphs/orders/test/orders-under-test.ts';
import { create, readOne, startProducts } from '../../subgraphs/products/test/products-under-test.ts';
import { type Ground, groundsFor } from '../../subgraphs/shared/test/grounds.ts';
import { readCommand } from './command.ts';
import { runCommand } from './run-command.ts';

const patient = { timeout: 25_000, interval: 100 };

const event = (type: string, version: number, data: unknown) => ({
  specversion: '1.0',
  id: 'x:1',
  source: '/elsewhere',
  type,
  subject: 'x',
  time: '2025-03-01T10:00:00Z',
  datacontenttype: 'application/json',
  dataschema: `urn:shop:${type}:v${version}`,
  data,
});

/** For each topic: not JSON, a major version that nobody knows, data of a wrong type. */
const poisonsOf = (type: string, id: string) => [
  { value: '{"specversion":', cause: /^not JSON/ },
  { value: JSON.stringify(event(type, 9, { [id]: 'x' })), cause: /^unknown version: .*:v9/ },
  { value: JSON.stringify(event(type, 1, { [id]: 7 })), cause: /^data does not match/ },
];

const poisons = [
  { topic: 'orders.v1', poisons: poisonsOf('order.placed', 'orderId') },
  { topic: 'inventory.v1', poisons: poisonsOf('inventory.reserved', 'orderId') },
  { topic: 'products.v1', poisons: poisonsOf('product.created', 'productId') },
];

/** Events of a shop whose consumers of orders.v1 are too old for what is published: each record is set aside. */
function tooNewFor(events: Events): Events {
  return {
    createTopics: (declared) => events.createTopics(declared),
    publish: (topic, records) => {
      if (topic !== topics.orders.topic) return events.publish(topic, records);
      const found = records.map(({ key, value, headers = {} }) => ({
        record: { key, value, headers, offset: 7, timestampMs: 0 },
        cause: 'unknown version',
      }));
      const letters = found.map((poison) => deadLetter(poison, { topic, partition: 3 }, Date.now()));
      return events.publish(deadLetterTopic(topic), letters);
    },
    subscribe: (options, onBatch) => events.subscribe(options, onBatch),
    readAll: (of) => events.readAll(of),
    logId: () => events.logId(),
    ping: () => events.ping(),
    close: () => events.close(),
  };
}

describe.each(groundsFor('repair'))('dead letters of a shop, $name', ({ open }) => {
  let ground: Ground;
  let products: Subgraph;
  let orders: Subgraph;

  beforeAll(async () => {
    ground = await open();
    products = await startProducts(ground);
    orders = await startOrders({ ...ground, events: tooNewFor(ground.events) });
  });
  afterAll(async () => {
    await Promise.all([products.close(), orders.close()]);
    await ground.remove();
  });

  /** What `npm run dlq -- <args>` says, and its exit code. */
  async function dlq(...args: string[]) {
    const command = readCommand(args);
    if (command.kind === 'misuse') throw new Error(command.text);
    const lines: string[] = [];
    const say = (line: string) => void lines.push(line);
    const exitCode = await runCommand(command, ground.events, { print: say, complain: say });
    return { exitCode, lines, text: lines.join('\n') };
  }

  const rows = async (...args: string[]) => {
    const { lines } = await dlq('list', '--json', ...args);
    return lines.map((line) => JSON.parse(line));
  };

  test.each(poisons)(
    'poison in $topic is listed with its cause and source; discarded, it is gone',
    async (each) => {
      const { topic } = each;
      const values = each.poisons.map(({ value }) => value);
      await ground.events.publish(
        topic,
        values.map((value) => ({ key: 'k', value, headers: { trace: 't' } })),
      );
      await expect.poll(async () => (await rows('--topic', topic)).length, patient).toBe(3);

      const listed = await rows('--topic', topic);
      const source = { topic, partition: expect.any(Number), offset: expect.any(Number) };
      const expected = each.poisons.map(({ cause }) => ({
        id: expect.stringMatching(`^${topic}\\.dlq/0/`),
        key: 'k',
        cause: expect.stringMatching(cause),
        source,
        replayOf: null,
      }));
      expect(listed).toMatchObject(expected);
      expect(new Set(listed.map((row) => row.source.offset)).size).toBe(3);
      const text = (await dlq('list', '--topic', topic)).lines;
      expect(text.at(-1)).toBe('3 open');
      for (const { id, source: found } of listed) {
        const row = text.find((line) => line.startsWith(`${id} `));
        expect(row).toContain(`${topic}/${found.partition}/${found.offset}`);
      }

      const shown = await Promise.all(listed.map(({ id }) => dlq('show', id)));
      for (const [index, { text: all }] of shown.entries()) {
        expect(all).toContain(`\n  ${values[index]}`);
        expect(all).toContain('trace: t');
        expect(all).toMatch(/^state +open$/m);
      }

      expect((await dlq('discard', listed[0].id)).exitCode).toBe(0);
      expect((await rows('--topic', topic)).map(({ id }) => id)).toEqual([listed[1].id, listed[2].id]);
      expect(await dlq('discard', '--all', '--topic', topic)).toMatchObject({ exitCode: 0 });
      expect((await dlq('list', '--topic', topic)).text).toBe('No dead letters are open.');
      expect((await dlq('discard', listed[0].id)).text).toMatch(/was discarded already, .*: nothing to do/);
      expect((await dlq('replay', listed[0].id)).text).toMatch(/nothing to do\. With --again/);
    },
  );

  test('what was only too new is decided once it is replayed, and once only', async () => {
    const tea = await create(products, { quantity: 10 });
    const order = await place(orders, 'ann', { products: [{ _id: tea._id, quantity: 3 }] });
    await expect.poll(() => rows('--topic', 'orders.v1'), patient).toHaveLength(1);
    const [letter] = await rows();
    expect(letter).toMatchObject({ key: order._id, source: { topic: 'orders.v1', partition: 3, offset: 7 } });
    expect((await readOrder(orders, order._id))?.status).toBe('PENDING');

    expect(await dlq('replay', letter.id)).toMatchObject({
      exitCode: 0,
      text: `replayed ${letter.id} to orders.v1`,
    });
    const decided = await untilStatus(orders, order._id, 'CONFIRMED');
    await expect.poll(async () => (await readOne(products, tea._id))?.quantity, patient).toBe(7);
    expect(await rows()).toEqual([]);
    const { text } = await dlq('show', letter.id);
    expect(text).toMatch(/^state +replayed \d{4}-/m);

    // Without --again nothing is published; with it, twice, nothing changes.
    const published = await count('orders.v1');
    expect(await dlq('replay', letter.id)).toMatchObject({
      exitCode: 0,
      text: expect.stringMatching(/nothing to do/),
    });
    expect(await count('orders.v1')).toBe(published);
    await Promise.all([dlq('replay', letter.id, '--again'), dlq('replay', letter.id, '--again')]);
    expect(await count('orders.v1')).toBe(published + 2);
    // Behind them in their partition: once it is set aside, they have been handled.
    await ground.events.publish('orders.v1', [{ key: order._id, value: 'poison' }]);
    await expect.poll(() => rows(), patient).toHaveLength(1);
    expect(await readOrder(orders, order._id)).toEqual(decided);
    expect((await readOne(products, tea._id))?.quantity).toBe(7);
    await dlq('discard', '--all');
  });

  test('replay --all ends, although what it replays fails again', async () => {
    await ground.events.publish('orders.v1', [
      { key: 'a', value: 'poison a' },
      { key: 'b', value: 'poison b' },
    ]);
    await expect.poll(async () => (await rows()).length, patient).toBe(2);
    const before = await rows();
    const { exitCode, lines } = await dlq('replay', '--all');
    expect(exitCode).toBe(0);
    expect(lines.at(-1)).toBe('2 replayed');
    await expect.poll(async () => (await rows()).length, patient).toBe(2);
    const sourcesOf = (letters: { replayOf: unknown; source: unknown }[], of: 'replayOf' | 'source') =>
      letters.map((letter) => JSON.stringify(letter[of])).sort();
    expect(sourcesOf(await rows(), 'replayOf')).toEqual(sourcesOf(before, 'source'));
    expect((await dlq('list')).text).toContain('replayed before; first found at orders.v1/');
    await dlq('discard', '--all');
    expect(await rows()).toEqual([]);
  });

  test('an id at which no letter lies is told so', async () => {
    const { exitCode, text } = await dlq('replay', 'orders.v1.dlq/0/999999');
    expect([exitCode, text]).toEqual([1, 'There is no dead letter orders.v1.dlq/0/999999.']);
  });

  async function count(topic: string): Promise<number> {
    let records = 0;
    for await (const _ of ground.events.readAll([topic])) records++;
    return records;
  }
});
