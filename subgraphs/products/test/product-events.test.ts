import { randomUUID } from 'node:crypto';
import { deadLetterTopics, topics } from '@shop/contracts/events/topics.ts';
import type { CloudEvent } from '@shop/shared/events/cloud-event';
import type { Subgraph } from '@shop/shared/process/subgraph';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Ground, groundsFor } from '../../shared/test/grounds.ts';
import { productsOf } from '../src/product-store.ts';
import { adjust, collect, create, remove, startProducts, tryTo, update } from './products-under-test.ts';

const patient = { timeout: 20_000 };

describe.each(groundsFor('products'))('products.v1, $name', ({ open }) => {
  let ground: Ground;
  let products: Subgraph;
  let published: CloudEvent<(typeof topics.products.types)[number]>[];

  beforeAll(async () => {
    ground = await open();
    published = await collect(ground.events, topics.products);
    products = await startProducts(ground);
  });
  afterAll(async () => {
    await products.close();
    await ground.remove();
  });

  const eventsOf = (productId: string) =>
    published
      .filter(({ subject }) => subject === productId)
      .map(({ id, type, data }) => ({ id, type, data }));

  test('tells of every change, in order, numbered', async () => {
    const { _id } = await create(products, { name: 'Tea', price: 450, quantity: 10 });
    await update(products, _id, { price: 500, status: 'INACTIVE', description: 'Loose' });
    await adjust(products, _id, -3);
    await remove(products, _id);
    await expect
      .poll(() => eventsOf(_id), patient)
      .toEqual([
        {
          id: `${_id}:1`,
          type: 'product.created',
          data: { productId: _id, name: 'Tea', price: 450, quantity: 10, status: 'ACTIVE' },
        },
        {
          id: `${_id}:2`,
          type: 'product.updated',
          data: { productId: _id, name: 'Tea', price: 500, quantity: 10, status: 'INACTIVE' },
        },
        { id: `${_id}:3`, type: 'product.stock_changed', data: { productId: _id, quantity: 7 } },
        { id: `${_id}:4`, type: 'product.deleted', data: { productId: _id } },
      ]);
    const outboxOf = async () => (await productsOf(ground.documents).findOne({ _id }))?.outbox;
    await expect.poll(outboxOf, patient).toEqual([]);
  });

  test('tells of nothing that was refused or changed nothing', async () => {
    const { _id } = await create(products);
    await tryTo.update(products, _id, { price: -1 });
    await tryTo.adjust(products, _id, -11);
    await update(products, _id, {});
    await update(products, _id, { price: 1 });
    await expect
      .poll(() => eventsOf(_id).map(({ type }) => type), patient)
      .toEqual(['product.created', 'product.updated']);
  });

  test('of changes at once each is told, with what it left', async () => {
    const { _id } = await create(products, { quantity: 0 });
    await Promise.all(Array.from({ length: 20 }, () => adjust(products, _id, 1)));
    await expect
      .poll(() => eventsOf(_id).slice(1), patient)
      .toEqual(
        Array.from({ length: 20 }, (_, n) => ({
          id: `${_id}:${n + 2}`,
          type: 'product.stock_changed',
          data: { productId: _id, quantity: n + 1 },
        })),
      );
  });
});

// On a ground of its own: the collector above takes nothing but events.
describe.each(groundsFor('products'))('poison in products.v1, $name', ({ open }) => {
  test('goes to products.v1.dlq, once for all processes, and the rest flows on', async () => {
    const ground = await open();
    const products = await startProducts(ground);
    const another = await startProducts(ground);
    const dead: string[] = [];
    const alive: (string | null)[] = [];
    const dlq = deadLetterTopics.products.topic;
    await ground.events.subscribe({ group: 'test-dlq', topics: [dlq] }, async ({ records }) => {
      for (const { value, headers } of records) dead.push(`${value} ${headers['dlq-topic']}`);
    });
    await ground.events.subscribe({ group: 'test', topics: [topics.products.topic] }, async ({ records }) => {
      alive.push(...records.map(({ key }) => key));
    });
    const value = `no event ${randomUUID()}`;
    await ground.events.publish(topics.products.topic, [{ key: 'k', value }]);
    await expect.poll(() => dead, patient).toEqual([`${value} products.v1`]);
    const { _id } = await create(another);
    await expect.poll(() => alive, patient).toContain(_id);
    expect(dead).toHaveLength(1);
    await Promise.all([products.close(), another.close()]);
    await ground.remove();
  });
});
