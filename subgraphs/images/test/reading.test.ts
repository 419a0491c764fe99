import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ask, badFieldsOf, codeOf, dataOf } from '../../shared/test/ask.ts';
import { type SubgraphUnderTest, stores } from '../../shared/test/open-over-store.ts';
import { create, type ImageView, imagesOf, openImages, read } from './images-under-test.ts';

const urlOf = (n: number) => `https://example.org/${n}.png`;

describe.each(stores)('reading images, $name', (store) => {
  let images: SubgraphUnderTest;
  /** Two of each product `p0` to `p4`, in the order of creation. */
  const created: ImageView[] = [];
  beforeAll(async () => {
    images = await openImages(store);
    for (let n = 0; n < 10; n++) created.push(await create(images, `p${n % 5}`, urlOf(n)));
  });
  afterAll(() => images.remove());

  async function idsOf(args: string): Promise<string[]> {
    const list = dataOf(await ask(images, `{ images${args} { _id } }`), 'images') as ImageView[];
    return list.map(({ _id }) => _id);
  }

  describe('Query', () => {
    test('image is the one with this id, null if there is none', async () => {
      expect(await read(images, created[3]?._id ?? '')).toEqual(created[3]);
      expect(await read(images, 'nothing')).toBeNull();
    });

    test('images comes in pages, in the order of creation, and ends', async () => {
      const ids = created.map(({ _id }) => _id);
      expect((await idsOf('')).slice(0, 10)).toEqual(ids);
      expect(await idsOf('(first: 4)')).toEqual(ids.slice(0, 4));
      expect(await idsOf(`(first: 4, after: "${ids[3]}")`)).toEqual(ids.slice(4, 8));
      expect(await idsOf(`(first: 1, after: "${ids[8]}")`)).toEqual(ids.slice(9, 10));
      const last = (await idsOf('(first: 250)')).at(-1);
      expect(await idsOf(`(after: "${last}")`)).toEqual([]);
    });

    test.each([0, -1, 251])('first of %s is BAD_USER_INPUT', async (first) => {
      const answer = await ask(images, `{ images(first: ${first}) { _id } }`);
      expect(codeOf(answer)).toBe('BAD_USER_INPUT');
      expect(badFieldsOf(answer)).toEqual(['first']);
    });
  });

  describe('Product.images', () => {
    /** A product of a name of its own, with an image of each of these priorities, numbered by `urlOf`. */
    async function productWith(productId: string, priorities: (number | undefined)[]): Promise<void> {
      for (const [n, priority] of priorities.entries()) await create(images, productId, urlOf(n), priority);
    }

    test('comes highest priority first, then oldest first', async () => {
      await productWith('ordered', [5, 50, 0, 50, undefined]);
      const [list] = await imagesOf(images, ['ordered']);
      expect(list?.map(({ url }) => url)).toEqual([4, 1, 3, 0, 2].map(urlOf));
    });

    test('shows ten, or as many as are asked for, or refuses', async () => {
      await productWith(
        'many',
        Array.from({ length: 12 }, (_, n) => 100 - n),
      );
      const shown = async (args: string) =>
        (await imagesOf(images, ['many'], args))[0]?.map(({ url }) => url);
      const all = Array.from({ length: 12 }, (_, n) => urlOf(n));
      expect(await shown('')).toEqual(all.slice(0, 10));
      expect(await shown('(first: null)')).toEqual(all.slice(0, 10));
      expect(await shown('(first: 1)')).toEqual(all.slice(0, 1));
      expect(await shown('(first: 250)')).toEqual(all);
      await expect(imagesOf(images, ['many'], '(first: 0)')).rejects.toThrow('BAD_USER_INPUT');
      await expect(imagesOf(images, ['many'], '(first: 251)')).rejects.toThrow('BAD_USER_INPUT');
    });

    test('of 100 products costs one query, each with its own, none where none are', async () => {
      const productIds = Array.from({ length: 100 }, (_, n) => `p${n}`);
      images.counted.reset();
      const lists = await imagesOf(images, productIds);
      expect(images.counted.calls()).toBe(1);
      const expected = productIds.map((id) => created.filter(({ productId }) => productId === id));
      expect(lists).toEqual(expected);
    });

    test('two selections of different length cost one query as well', async () => {
      const query = `query ($of: [_Any!]!) {
        _entities(representations: $of) { ... on Product { one: images(first: 1) { _id } all: images { _id } } }
      }`;
      images.counted.reset();
      const of = [{ __typename: 'Product', _id: 'p0' }];
      const entities = dataOf(await ask(images, query, { of }), '_entities');
      expect(images.counted.calls()).toBe(1);
      expect(entities).toEqual([
        { one: [{ _id: created[0]?._id }], all: [{ _id: created[0]?._id }, { _id: created[5]?._id }] },
      ]);
    });
  });

  test('an image leads to its product by reference, without asking whether it is there', async () => {
    const query = 'query ($id: ID!) { image(id: $id) { product { __typename _id } } }';
    expect(dataOf(await ask(images, query, { id: created[2]?._id }), 'image')).toEqual({
      product: { __typename: 'Product', _id: 'p2' },
    });
  });

  test('entities of images cost one query, in the order asked for, null where there is none', async () => {
    const query = 'query ($of: [_Any!]!) { _entities(representations: $of) { ... on Image { url } } }';
    const ids = [...created.map(({ _id }) => _id).toReversed(), 'nothing'];
    const of = ids.map((_id) => ({ __typename: 'Image', _id }));
    images.counted.reset();
    const entities = dataOf(await ask(images, query, { of }), '_entities');
    expect(images.counted.calls()).toBe(1);
    expect(entities).toEqual([...created.toReversed().map(({ url }) => ({ url })), null]);
  });

  test('is ready', async () => {
    expect((await fetch(`${images.url}/readyz`)).status).toBe(200);
  });
});
