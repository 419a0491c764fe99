import { interceptDocuments } from '@shop/shared/documents/intercept-documents';
import type { Subgraph } from '@shop/shared/process/subgraph';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Caller, codeOf, type Fields } from '../../shared/test/ask.ts';
import { type Ground, groundsFor } from '../../shared/test/grounds.ts';
import { productsOf } from '../src/product-store.ts';
import {
  adjust,
  browse,
  create,
  readOne,
  refusalOf,
  remove,
  resolveEntities,
  startProducts,
  tryTo,
  update,
} from './products-under-test.ts';

const largest = 2_147_483_647;

describe.each(groundsFor('products'))('managing products, $name', ({ open }) => {
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
  const countStored = () => productsOf(ground.documents).countDocuments({});

  describe('who may', () => {
    const calls: [string, (caller: Caller) => Promise<unknown>][] = [
      ['createProduct', (caller) => tryTo.create(products, { name: 'x', price: 1, quantity: 1 }, caller)],
      ['updateProduct', (caller) => tryTo.update(products, 'none', { price: 1 }, caller)],
      ['deleteProduct', (caller) => tryTo.delete(products, 'none', caller)],
      ['adjustStock', (caller) => tryTo.adjust(products, 'none', 1, undefined, caller)],
    ];
    test.each(calls)('%s is for the admin only', async (_name, call) => {
      const before = await countStored();
      const codeFor = async (caller: Caller) => codeOf((await call(caller)) as never);
      expect(await codeFor({})).toBe('UNAUTHENTICATED');
      expect(await codeFor({ apiKey: 'wrong' })).toBe('FORBIDDEN');
      expect(await codeFor({ user: 'ann' })).toBe('FORBIDDEN');
      expect(await codeFor({ user: 'ann', apiKey: 'wrong' })).toBe('FORBIDDEN');
      expect(await countStored()).toBe(before);
    });

    test('who may not is not told what is wrong with the input', async () => {
      expect(refusalOf(await tryTo.create(products, null, {}))).toEqual(['UNAUTHENTICATED', []]);
    });
  });

  describe('createProduct', () => {
    test('answers the product as every reader then sees it', async () => {
      const created = await create(products, { name: '  Green tea ', description: 'Loose', quantity: 3 });
      expect(created).toMatchObject({
        name: 'Green tea',
        description: 'Loose',
        price: 450,
        quantity: 3,
        status: 'ACTIVE',
      });
      expect(created.updatedAt).toBe(created.createdAt);
      expect(await readOne(products, created._id)).toEqual(created);
      expect(await resolveEntities(products, [created._id])).toEqual([created]);
      const { stocked, committed } = await stored(created._id);
      expect({ stocked, committed }).toEqual({ stocked: 3, committed: 0 });
    });

    const accepted: [string, Fields, Fields][] = [
      ['the smallest amounts', { price: 0, quantity: 0 }, { price: 0, quantity: 0 }],
      ['the largest amounts', { price: largest, quantity: largest }, { price: largest, quantity: largest }],
      ['a name of 200', { name: ` ${'n'.repeat(200)} ` }, { name: 'n'.repeat(200) }],
      ['a description of 5000', { description: 'd'.repeat(5000) }, { description: 'd'.repeat(5000) }],
      ['nulls', { description: null, status: null }, { description: null, status: 'ACTIVE' }],
      ['INACTIVE', { status: 'INACTIVE' }, { status: 'INACTIVE' }],
    ];
    test.each(accepted)('takes %s', async (_what, input, expected) => {
      expect(await create(products, input)).toMatchObject(expected);
    });

    const refused: [string, unknown, string[]][] = [
      ['nothing', null, ['input']],
      ['an empty name', { name: '' }, ['input.name']],
      ['a blank name', { name: ' \t\n ' }, ['input.name']],
      ['a name of 201', { name: 'n'.repeat(201) }, ['input.name']],
      ['half a character', { name: 'a\ud800' }, ['input.name']],
      ['a negative price', { price: -1 }, ['input.price']],
      ['a negative quantity', { quantity: -1 }, ['input.quantity']],
      ['a description of 5001', { description: 'd'.repeat(5001) }, ['input.description']],
      [
        'everything at once',
        { name: ' ', price: -1, quantity: -1, description: 'd'.repeat(5001) },
        ['input.name', 'input.price', 'input.quantity', 'input.description'],
      ],
    ];
    test.each(refused)('refuses %s, and stores nothing', async (_what, input, paths) => {
      const before = await countStored();
      const given = input && { name: 'Tea', price: 1, quantity: 1, ...input };
      expect(refusalOf(await tryTo.create(products, given))).toEqual(['BAD_USER_INPUT', paths]);
      expect(await countStored()).toBe(before);
    });

    test.each([
      ['a price beyond an Int', { price: largest + 1 }],
      ['a quantity beyond an Int', { quantity: largest + 1 }],
      ['a fraction', { price: 1.5 }],
      ['a status that there is not', { status: 'DELETED' }],
    ])('refuses %s by its type', async (_what, input) => {
      const answer = await tryTo.create(products, { name: 'Tea', price: 1, quantity: 1, ...input });
      expect(codeOf(answer)).toBe('BAD_USER_INPUT');
    });
  });

  describe('updateProduct', () => {
    test('changes what is given and keeps the rest', async () => {
      const before = await create(products, { description: 'Loose' });
      const after = await update(products, before._id, { price: 7 });
      expect(after).toEqual({ ...before, price: 7, updatedAt: after.updatedAt });
      expect(after.updatedAt >= before.updatedAt).toBe(true);
      expect(await update(products, before._id, { description: null })).toMatchObject({
        description: null,
        price: 7,
      });
      expect(await stored(before._id)).not.toHaveProperty('description');
      expect(await update(products, before._id, { description: 'Bags', status: 'INACTIVE' })).toMatchObject({
        description: 'Bags',
        status: 'INACTIVE',
      });
    });

    test('nothing to change is no change', async () => {
      const before = await create(products);
      expect(await update(products, before._id, {})).toEqual(before);
      expect((await stored(before._id)).revision).toBe(1);
    });

    test('a new name is found and sorted by, the old one is not', async () => {
      const { _id } = await create(products, { name: 'Zzolder brand' });
      await update(products, _id, { name: 'aaNewer brand' });
      const found = async (search: string) =>
        (await browse(products, { search })).nodes.map((node) => node._id);
      expect(await found('zzolder')).toEqual([]);
      expect(await found('AANEWER')).toEqual([_id]);
      expect((await browse(products, { sort: 'NAME', first: 1 })).nodes[0]?._id).toBe(_id);
      await remove(products, _id);
    });

    const refused: [string, Fields, string[]][] = [
      ['a null name', { name: null }, ['input.name']],
      ['a null price', { price: null }, ['input.price']],
      ['a null quantity', { quantity: null }, ['input.quantity']],
      ['a null status', { status: null }, ['input.status']],
      ['a blank name', { name: ' ' }, ['input.name']],
      ['all at once', { name: '', price: -1, quantity: -1 }, ['input.name', 'input.price', 'input.quantity']],
    ];
    test.each(refused)('refuses %s, and changes nothing', async (_what, input, paths) => {
      const before = await create(products);
      expect(refusalOf(await tryTo.update(products, before._id, input))).toEqual(['BAD_USER_INPUT', paths]);
      expect(await readOne(products, before._id)).toEqual(before);
    });

    test.each(['none', '', 'a b', '$where', 'x'.repeat(500)])('%j is NOT_FOUND', async (id) => {
      expect(codeOf(await tryTo.update(products, id, { price: 1 }))).toBe('NOT_FOUND');
      expect(codeOf(await tryTo.delete(products, id))).toBe('NOT_FOUND');
      expect(codeOf(await tryTo.adjust(products, id, 1))).toBe('NOT_FOUND');
      expect(await readOne(products, id)).toBeNull();
    });

    test('the quantity beside 20 adjustments: whatever came last, everything stocked is counted', async () => {
      const { _id } = await create(products, { quantity: 100 });
      const adjusting = Array.from({ length: 20 }, () => adjust(products, _id, 1));
      const [updated, ...adjusted] = await Promise.all([
        update(products, _id, { quantity: 1_000 }),
        ...adjusting,
      ]);
      expect(updated.quantity).toBe(1_000);
      const { quantity, stocked, committed } = await stored(_id);
      expect(stocked).toBe(quantity + committed);
      // Those that came after the update added to it.
      expect(quantity).toBe(1_000 + adjusted.filter((each) => each.quantity > 1_000).length);
    });

    test('beside another change of the same product, none is lost', async () => {
      const { _id } = await create(products, { quantity: 100 });
      let interrupted = 0;
      // Others get in between the look and the write, several times.
      const documents = interceptDocuments(ground.documents, async ({ method }, run) => {
        const found = await run();
        if (method !== 'findOne' || interrupted >= 3) return found;
        if (interrupted++ === 1) await update(products, _id, { price: 7 });
        else await adjust(products, _id, -1);
        return found;
      });
      const other = await startProducts({ ...ground, documents });
      const answered = await update(other, _id, { name: 'Mate' });
      expect(answered).toMatchObject({ name: 'Mate', price: 7, quantity: 98 });
      expect(await stored(_id)).toMatchObject({
        name: 'Mate',
        price: 7,
        quantity: 98,
        stocked: 98,
        revision: 5,
      });
      await other.close();
    });

    test('a quantity together with what is in orders must be countable', async () => {
      const { _id } = await create(products, { quantity: 0 });
      await productsOf(ground.documents).updateOne({ _id }, { $inc: { stocked: 5, committed: 5 } });
      const answer = await tryTo.update(products, _id, { quantity: largest });
      expect(refusalOf(answer)).toEqual(['BAD_USER_INPUT', ['input.quantity']]);
      expect(answer.errors?.[0]?.message).toContain(String(largest - 5));
      expect((await update(products, _id, { quantity: largest - 5 })).quantity).toBe(largest - 5);
    });
  });
});
