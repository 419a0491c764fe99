import type { Cache } from '@shop/shared/cache/port';
import { interceptDocuments } from '@shop/shared/documents/intercept-documents';
import type { Subgraph } from '@shop/shared/process/subgraph';
import { UnavailableError } from '@shop/shared/unavailable';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { codeOf } from '../../shared/test/ask.ts';
import { type Ground, groundsFor, openGroundInMemory } from '../../shared/test/grounds.ts';
import { until } from '../../shared/test/until.ts';
import { productsOf } from '../src/product-store.ts';
import {
  adjust,
  create,
  type ProductView,
  placedRecord,
  publishOrders,
  readList,
  readOne,
  remove,
  resolveEntities,
  startProducts,
  tryTo,
  update,
} from './products-under-test.ts';

describe.each(groundsFor('products'))('cached reads, $name', ({ open }) => {
  let ground: Ground;
  let products: Subgraph;

  beforeAll(async () => {
    ground = await open();
    products = await startProducts(ground);
  });
  afterAll(async () => {
    await products.close();
    await ground.remove();
  });

  /** The product as the list shows it. */
  const readListed = async (id: string, from = products) =>
    (await readList(from)).find(({ _id }) => _id === id) ?? null;

  const reads: ((id: string) => Promise<ProductView | null>)[] = [(id) => readOne(products, id), readListed];

  test('the next read after each mutation is fresh, single and list', async () => {
    const created = await create(products);
    for (const read of reads) expect(await read(created._id)).toEqual(created);
    const updated = await update(products, created._id, { name: 'Mate', price: 3 });
    for (const read of reads) expect(await read(created._id)).toEqual(updated);
    const adjusted = await adjust(products, created._id, -4);
    for (const read of reads) expect(await read(created._id)).toEqual(adjusted);
    await update(products, created._id, { status: 'INACTIVE' });
    expect(await readListed(created._id)).toBeNull();
    expect(await readOne(products, created._id)).toMatchObject({ status: 'INACTIVE' });
    await update(products, created._id, { status: 'ACTIVE' });
    for (const read of reads) expect(await read(created._id)).toMatchObject({ name: 'Mate' });
    await remove(products, created._id);
    for (const read of reads) expect(await read(created._id)).toBeNull();
  });

  test('a product that was not there is seen once it is', async () => {
    const id = 'expected-soon';
    expect(await readOne(products, id)).toBeNull();
    const other = await startProducts(ground, { newId: () => id });
    await create(other);
    await until(() => readOne(products, id));
    await other.close();
  });

  test('0 of 1,000 reads beside writers are older than what was acknowledged before them', async () => {
    const { _id } = await create(products, { quantity: 0 });
    let acknowledged = 0;
    let isOver = false;
    const write = async () => {
      // Bounded: the reads are over long before.
      for (let n = 0; n < 20_000 && !isOver; n++) {
        const { quantity } = await adjust(products, _id, 1);
        acknowledged = Math.max(acknowledged, quantity);
      }
    };
    let stale = 0;
    const readAll = async (read: (id: string) => Promise<ProductView | null>) => {
      for (let n = 0; n < 125; n++) {
        const atLeast = acknowledged;
        const seen = await read(_id);
        if (!seen || seen.quantity < atLeast) stale++;
      }
    };
    const writers = [write(), write()];
    await Promise.all(Array.from({ length: 8 }, (_, n) => readAll(reads[n % 2]!)));
    isOver = true;
    await Promise.all(writers);
    expect(stale).toBe(0);
    expect(acknowledged).toBeGreaterThan(10);
    for (const read of reads) expect((await read(_id))?.quantity).toBe(acknowledged);
  });

  test('a process with its own cache hears of the changes of another', async () => {
    const other = await startProducts({ ...ground, cache: await ground.openSecondCache() });
    const { _id } = await create(products, { quantity: 5 });
    const shows = (expected: Partial<ProductView> | null) =>
      until(async () => {
        const [one, listed] = [await readOne(other, _id), await readListed(_id, other)];
        const isSo = (seen: ProductView | null) =>
          expected
            ? seen && Object.entries(expected).every(([key, value]) => seen[key as 'name'] === value)
            : !seen;
        return (isSo(one) && isSo(listed)) || null;
      });
    await shows({ quantity: 5 });
    await update(products, _id, { name: 'Mate' });
    await shows({ name: 'Mate' });
    await adjust(products, _id, 2);
    await shows({ quantity: 7 });
    await publishOrders(ground.events, placedRecord('heard', { [_id]: 3 }));
    await shows({ quantity: 4 });
    await remove(products, _id);
    await shows(null);
    await other.close();
  });
});

describe('reads', () => {
  let ground: Ground;
  beforeAll(() => {
    ground = openGroundInMemory();
  });
  afterAll(() => ground.remove());

  test('without a cache are answered all the same, and fresh', async () => {
    const dead: Cache = {
      get: async () => ({ kind: 'miss', token: null }),
      set: async () => false,
      invalidate: async () => {},
      invalidateParts: async () => {},
      isHealthy: () => false,
      close: async () => {},
    };
    const products = await startProducts({ ...ground, cache: dead });
    const created = await create(products);
    expect(await readOne(products, created._id)).toEqual(created);
    expect(await readList(products)).toEqual([created]);
    const adjusted = await adjust(products, created._id, 1);
    const seen = await Promise.all(Array.from({ length: 50 }, () => readOne(products, created._id)));
    expect(seen).toEqual(seen.map(() => adjusted));
    expect(await readList(products)).toEqual([adjusted]);
    await products.close();
  });

  test('come from the cache until something changes, even if the change reports a failure', async () => {
    let queries = 0;
    let mayFail = false;
    const documents = interceptDocuments(ground.documents, async ({ collection, method }, run) => {
      if (collection === 'products' && method === 'findOne') queries++;
      const result = await run();
      // As when the answer gets lost on its way: it has happened.
      if (mayFail && method === 'updateOne') throw new UnavailableError('the database is away');
      return result;
    });
    const products = await startProducts({ ...ground, documents });
    const { _id } = await create(products);
    queries = 0;
    for (let n = 0; n < 10; n++) await readOne(products, _id);
    expect(queries).toBe(1);
    mayFail = true;
    expect(codeOf(await tryTo.adjust(products, _id, 5))).toBe('SERVICE_UNAVAILABLE');
    mayFail = false;
    expect((await readOne(products, _id))?.quantity).toBe(15);
    await products.close();
  });

  test('of 100 entities, or of the stock of 100, are one query each', async () => {
    const finds: string[] = [];
    const documents = interceptDocuments(ground.documents, ({ collection, method }, run) => {
      if (collection === 'products') finds.push(method);
      return run();
    });
    const products = await startProducts({ ...ground, documents });
    const ids = Array.from({ length: 99 }, (_, n) => `many-${n}`);
    const [sample] = await readList(products);
    const template = await productsOf(ground.documents).findOne({ _id: sample!._id });
    for (const _id of ids) await productsOf(ground.documents).insertOne({ ...template!, _id, outbox: [] });
    finds.length = 0;
    const found = await resolveEntities(products, [...ids, 'none', '$bad id', ids[0]!], '_id');
    expect(found.map((each) => each?._id)).toEqual([...ids, undefined, undefined, ids[0]]);
    expect(finds).toEqual(['find']);
    finds.length = 0;
    await resolveEntities(products, ids, 'inventory { available reserved sold }');
    expect(finds).toEqual(['find', 'find']);
    await products.close();
  });
});
