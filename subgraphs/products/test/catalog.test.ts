import type { Subgraph } from '@shop/shared/process/subgraph';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { admin, ask, codeOf, type Fields } from '../../shared/test/ask.ts';
import { type Ground, groundsFor } from '../../shared/test/grounds.ts';
import { createProduct } from '../src/create-product.ts';
import { createProductStore, productsOf } from '../src/product-store.ts';
import {
  browse,
  create,
  only,
  type ProductView,
  refusalOf,
  startProducts,
  tryToBrowse,
} from './products-under-test.ts';

const sorts = ['NEWEST', 'PRICE_ASC', 'PRICE_DESC', 'NAME'] as const;
type SortName = (typeof sorts)[number];

interface Listed {
  id: string;
  name: string;
  price: number;
  createdAtMs: number;
  status: 'ACTIVE' | 'INACTIVE';
}

describe.each(groundsFor('products'))('the catalog, $name', ({ name, open }) => {
  let ground: Ground;
  let products: Subgraph;

  beforeAll(async () => {
    ground = await open();
    products = await startProducts(ground);
  });
  afterEach(async () => {
    await productsOf(ground.documents).deleteMany({});
  });
  afterAll(async () => {
    await products.close();
    await ground.remove();
  });

  const store = (listed: Partial<Listed>) => {
    const { id = 'p', name = 'Tea', price = 1, createdAtMs = 0, status = 'ACTIVE' } = listed;
    const input = { name, price, quantity: 1, description: null, status };
    return createProductStore(ground.documents).insert(createProduct(input, id, new Date(createdAtMs)));
  };
  const idsOf = async (args: Fields, caller = {}) =>
    (await browse(products, args, caller)).nodes.map(({ _id }) => _id);

  /** Every page of so many, one after the other. */
  async function allPages(args: Fields, first: number): Promise<string[]> {
    const ids: string[] = [];
    let after: string | null = null;
    for (let page = 0; page < 100; page++) {
      const { nodes, edges, pageInfo } = await browse(products, { ...args, first, after });
      expect(edges.map(({ node }) => node._id)).toEqual(nodes.map(({ _id }) => _id));
      expect(pageInfo.endCursor).toBe(edges.at(-1)?.cursor ?? null);
      if (pageInfo.hasNextPage) expect(nodes).toHaveLength(first);
      ids.push(...nodes.map(({ _id }) => _id));
      if (!pageInfo.hasNextPage) return ids;
      after = pageInfo.endCursor;
    }
    throw new Error('it has no last page');
  }

  describe('search', () => {
    const names = {
      creme: 'Crème brûlée torch',
      chocolate: 'Dark CHOCOLATE bar (70%)',
      chopper: 'Chopper & bar set',
      fig: 'ﬁg jam',
      cpp: 'C++ mug',
      greek: 'ΟΔΟΣΑ',
      tea: '抹茶 tea',
    };
    const found: [string, (keyof typeof names)[]][] = [
      ['creme', ['creme']],
      ['CRÈME BRU', ['creme']],
      ['brulee creme', ['creme']],
      ['cho', ['chocolate', 'chopper']],
      ['choc bar', ['chocolate']],
      ['bar ch', ['chocolate', 'chopper']],
      ['hocolate', []],
      ['choc jam', []],
      ['70', ['chocolate']],
      ['fig', ['fig']],
      ['ΟΔΟΣ', ['greek']],
      ['抹', ['tea']],
      ['c++', ['chocolate', 'chopper', 'cpp', 'creme']],
      ['mu.', ['cpp']],
      ['.*', Object.keys(names) as (keyof typeof names)[]],
      ['m(u|x', []],
      ['^ch', ['chocolate', 'chopper']],
      ['ch[ao]', []],
      ['', Object.keys(names) as (keyof typeof names)[]],
      ['a b c d e f g h', []],
      ['x'.repeat(200), []],
    ];
    test.each(found)('%j', async (search, expected) => {
      for (const [id, name] of Object.entries(names)) await store({ id, name });
      expect((await idsOf({ search })).toSorted()).toEqual(expected.toSorted());
    });

    test('of more than 8 words or 200 characters is BAD_USER_INPUT', async () => {
      for (const search of ['a b c d e f g h i', 'x'.repeat(201)]) {
        expect(refusalOf(await tryToBrowse(products, { search }))).toEqual(['BAD_USER_INPUT', ['search']]);
      }
    });

    test('goes on page by page', async () => {
      for (let n = 0; n < 5; n++) await store({ id: `t${n}`, name: `Tea ${n}`, price: n % 2 });
      await store({ id: 'x', name: 'Coffee' });
      expect(await allPages({ search: 'te', sort: 'PRICE_ASC' }, 2)).toEqual(['t0', 't2', 't4', 't1', 't3']);
    });
  });

  describe('what it shows', () => {
    test('ACTIVE unless asked; INACTIVE to admins only', async () => {
      await store({ id: 'on' });
      await store({ id: 'off', status: 'INACTIVE' });
      expect(await idsOf({})).toEqual(['on']);
      expect(await idsOf({ status: 'ACTIVE' })).toEqual(['on']);
      expect(await idsOf({ status: null })).toEqual(['on']);
      expect(await idsOf({ status: 'INACTIVE' }, admin)).toEqual(['off']);
      const inactive = { status: 'INACTIVE' };
      expect(codeOf(await tryToBrowse(products, inactive))).toBe('UNAUTHENTICATED');
      expect(codeOf(await tryToBrowse(products, inactive, { user: 'ann' }))).toBe('FORBIDDEN');
      expect(codeOf(await tryToBrowse(products, inactive, { apiKey: 'wrong' }))).toBe('FORBIDDEN');
    });

    test('20 unless asked; 1 to 250', async () => {
      for (let n = 0; n < 22; n++) await store({ id: `p${n}` });
      expect(await idsOf({})).toHaveLength(20);
      expect(await idsOf({ first: null })).toHaveLength(20);
      expect(await idsOf({ first: 1 })).toHaveLength(1);
      expect(await idsOf({ first: 250 })).toHaveLength(22);
      for (const first of [0, -1, 251]) {
        expect(refusalOf(await tryToBrowse(products, { first }))).toEqual(['BAD_USER_INPUT', ['first']]);
      }
    });

    test('nothing of nothing', async () => {
      expect(await browse(products)).toEqual({
        nodes: [],
        edges: [],
        pageInfo: { hasNextPage: false, endCursor: null },
      });
    });
  });

  describe('a cursor', () => {
    test('of another sort is BAD_USER_INPUT', async () => {
      await store({});
      for (const of of sorts) {
        const after = (await browse(products, { sort: of })).pageInfo.endCursor;
        for (const sort of sorts.filter((other) => other !== of)) {
          expect(refusalOf(await tryToBrowse(products, { sort, after }))).toEqual([
            'BAD_USER_INPUT',
            ['after'],
          ]);
        }
      }
    });

    const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
    test.each([
      '',
      'x',
      '{}',
      encode(null),
      encode([]),
      encode(['NEWEST']),
      encode(['NEWEST', 'x', 'p']),
      encode(['NEWEST', { $gt: 0 }, 'p']),
      encode(['NEWEST', 1, { $gt: '' }]),
      encode(['NEWEST', -1, 'p']),
      encode(['NEWEST', 9e15, 'p']),
      encode(['NEWEST', 1, 'p', 'more']),
    ])('that is not ours (%j) is BAD_USER_INPUT', async (after) => {
      expect(refusalOf(await tryToBrowse(products, { after }))).toEqual(['BAD_USER_INPUT', ['after']]);
    });

    test('goes on where it was though its product is gone', async () => {
      for (const id of ['a', 'b', 'c']) await store({ id });
      const { pageInfo } = await browse(products, { sort: 'PRICE_ASC', first: 2 });
      await productsOf(ground.documents).deleteOne({ _id: 'b' });
      expect(await idsOf({ sort: 'PRICE_ASC', after: pageInfo.endCursor })).toEqual(['c']);
    });
  });

  describe('sorts', () => {
    test('by name without case, by price, by age; ties by _id in the same direction', async () => {
      await store({ id: 'a', name: 'beta', price: 2, createdAtMs: 1_000 });
      await store({ id: 'b', name: 'Alpha', price: 2, createdAtMs: 1_000 });
      await store({ id: 'c', name: 'BETA', price: 1, createdAtMs: 3_000 });
      expect(await idsOf({ sort: 'NAME' })).toEqual(['b', 'a', 'c']);
      expect(await idsOf({ sort: 'PRICE_ASC' })).toEqual(['c', 'a', 'b']);
      expect(await idsOf({ sort: 'PRICE_DESC' })).toEqual(['b', 'a', 'c']);
      expect(await idsOf({ sort: 'NEWEST' })).toEqual(['c', 'b', 'a']);
      expect(await idsOf({})).toEqual(['c', 'b', 'a']);
    });

    // Few values, so that ties are common and pages end among them.
    const listed = fc.record({
      name: fc.constantFrom('tea', 'Tea', 'TEA pot', 'bar', 'Äpfel', 'apfel', 'zebra'),
      price: fc.integer({ min: 0, max: 3 }),
      createdAtMs: fc.integer({ min: 0, max: 3 }),
      status: fc.constantFrom<('ACTIVE' | 'INACTIVE')[]>('ACTIVE', 'ACTIVE', 'INACTIVE'),
    });
    test('random catalogs: the pages together are the whole list in order', async () => {
      const property = fc.asyncProperty(
        fc.array(listed, { maxLength: 15 }),
        fc.constantFrom(...sorts),
        fc.integer({ min: 1, max: 6 }),
        async (drawn, sort, first) => {
          await productsOf(ground.documents).deleteMany({});
          const all = drawn.map((each, index) => ({ ...each, id: `p${index % 10}${index}` }));
          for (const each of all) await store(each);
          expect(await allPages({ sort }, first)).toEqual(sorted(all, sort));
        },
      );
      await fc.assert(property, { numRuns: name === 'in memory' ? 100 : 10 });
    });
  });

  describe('products', () => {
    const list = async (args: string) =>
      only<ProductView[]>(await ask(products, `{ products${args} { _id } }`, {}, {})).map(({ _id }) => _id);

    test('lists ACTIVE ones in the order of creation, page by page', async () => {
      const ids: string[] = [];
      for (let n = 0; n < 5; n++) ids.push((await create(products, { name: `Tea ${n}` }))._id);
      await create(products, { status: 'INACTIVE' });
      expect(await list('')).toEqual(ids);
      expect(await list('(first: 2)')).toEqual(ids.slice(0, 2));
      expect(await list(`(first: 2, after: "${ids[1]}")`)).toEqual(ids.slice(2, 4));
      expect(await list(`(first: null, after: "${ids[4]}")`)).toEqual([]);
    });

    test.each([
      ['(first: 0)', 'first'],
      ['(first: 251)', 'first'],
      ['(after: "")', 'after'],
      ['(after: "not an id")', 'after'],
    ])('%s is BAD_USER_INPUT', async (args, path) => {
      const answer = await ask(products, `{ products${args} { _id } }`, {}, {});
      expect(refusalOf(answer)).toEqual(['BAD_USER_INPUT', [path]]);
    });
  });
});

/** The ids of the ACTIVE ones, by a second opinion. */
function sorted(all: Listed[], sort: SortName): string[] {
  const compare = (a: string | number, b: string | number) => (a < b ? -1 : a > b ? 1 : 0);
  const keys = {
    NEWEST: (each: Listed) => each.createdAtMs,
    PRICE_ASC: (each: Listed) => each.price,
    PRICE_DESC: (each: Listed) => each.price,
    NAME: (each: Listed) => each.name.toLowerCase(),
  };
  const keyOf = keys[sort];
  const ascending = all
    .filter(({ status }) => status === 'ACTIVE')
    .toSorted((a, b) => compare(keyOf(a), keyOf(b)) || compare(a.id, b.id));
  const isDescending = sort === 'NEWEST' || sort === 'PRICE_DESC';
  return (isDescending ? ascending.toReversed() : ascending).map(({ id }) => id);
}
