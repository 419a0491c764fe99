import type { Subgraph } from '@shop/shared/process/subgraph';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { admin, codeOf } from '../../shared/test/ask.ts';
import { type Ground, groundsFor } from '../../shared/test/grounds.ts';
import { productsOf } from '../src/product-store.ts';
import {
  adjust,
  browse,
  create,
  only,
  type ProductView,
  readList,
  readOne,
  refusalOf,
  remove,
  resolveEntities,
  startProducts,
  tryTo,
} from './products-under-test.ts';

const largest = 2_147_483_647;

describe.each(groundsFor('products'))('stock and deletion of products, $name', ({ open }) => {
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

  const stored = async (id: string) => (await productsOf(ground.documents).findOne({ _id: id }))!;

  describe('adjustStock', () => {
    test('adds and takes, down to nothing', async () => {
      const { _id } = await create(products, { quantity: 5 });
      expect((await adjust(products, _id, 7)).quantity).toBe(12);
      expect((await adjust(products, _id, -12)).quantity).toBe(0);
      const { stocked } = await stored(_id);
      expect(stocked).toBe(0);
    });

    test('refuses 0 and a reason of more than 200', async () => {
      const { _id } = await create(products);
      expect(refusalOf(await tryTo.adjust(products, _id, 0))).toEqual(['BAD_USER_INPUT', ['delta']]);
      expect(refusalOf(await tryTo.adjust(products, _id, 0, 'r'.repeat(201)))).toEqual([
        'BAD_USER_INPUT',
        ['delta', 'reason'],
      ]);
      expect(only<ProductView>(await tryTo.adjust(products, _id, 1, 'r'.repeat(200))).quantity).toBe(11);
    });

    test('INSUFFICIENT_STOCK says what there is', async () => {
      const { _id } = await create(products, { quantity: 3 });
      const answer = await tryTo.adjust(products, _id, -4);
      expect(codeOf(answer)).toBe('INSUFFICIENT_STOCK');
      expect(answer.errors?.[0]?.message).toContain('3');
      expect((await readOne(products, _id))?.quantity).toBe(3);
    });

    test('what cannot be counted any more is BAD_USER_INPUT', async () => {
      const { _id } = await create(products, { quantity: largest - 1 });
      expect((await adjust(products, _id, 1)).quantity).toBe(largest);
      expect(refusalOf(await tryTo.adjust(products, _id, 1))).toEqual(['BAD_USER_INPUT', ['delta']]);
      expect((await readOne(products, _id))?.quantity).toBe(largest);
    });

    test('50 at once that take one of 20: 20 succeed', async () => {
      const { _id } = await create(products, { quantity: 20 });
      const answers = await Promise.all(
        Array.from({ length: 50 }, () => tryTo.adjust(products, _id, -1, 'a load test')),
      );
      const codes = answers.map(codeOf);
      expect(codes.filter((code) => code === undefined)).toHaveLength(20);
      expect(codes.filter((code) => code === 'INSUFFICIENT_STOCK')).toHaveLength(30);
      expect(await readOne(products, _id)).toMatchObject({ quantity: 0 });
    });
  });

  describe('deleteProduct', () => {
    test('answers it as it was; then it is nowhere', async () => {
      const product = await create(products, { name: 'Unobtainium' });
      await readOne(products, product._id);
      await readList(products);
      expect(await remove(products, product._id)).toEqual(product);
      expect(await readOne(products, product._id)).toBeNull();
      expect((await readList(products)).map(({ _id }) => _id)).not.toContain(product._id);
      expect((await browse(products, { search: 'unobtainium' })).nodes).toEqual([]);
      expect((await browse(products, { search: 'unobtainium', status: 'INACTIVE' }, admin)).nodes).toEqual(
        [],
      );
      expect(await resolveEntities(products, [product._id])).toEqual([null]);
      expect(codeOf(await tryTo.delete(products, product._id))).toBe('NOT_FOUND');
      expect(codeOf(await tryTo.update(products, product._id, { status: 'ACTIVE' }))).toBe('NOT_FOUND');
      expect(codeOf(await tryTo.adjust(products, product._id, 1))).toBe('NOT_FOUND');
    });

    test('of many at once one deletes it', async () => {
      const { _id } = await create(products);
      const answers = await Promise.all(Array.from({ length: 10 }, () => tryTo.delete(products, _id)));
      const codes = answers.map(codeOf);
      expect(codes.filter((code) => code === undefined)).toHaveLength(1);
      expect(codes.filter((code) => code === 'NOT_FOUND')).toHaveLength(9);
    });
  });
});
