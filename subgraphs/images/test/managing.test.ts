import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { badFieldsOf, type Caller, codeOf, dataOf } from '../../shared/test/ask.ts';
import { type SubgraphUnderTest, stores } from '../../shared/test/open-over-store.ts';
import { maxImagesPerProduct } from '../src/image.ts';
import { createImageStore } from '../src/image-store.ts';
import { create, openImages, read, tryToCreate, tryToDelete, tryToUpdate } from './images-under-test.ts';

const url = 'https://example.org/tea.png';

describe.each(stores)('managing images, $name', (store) => {
  let images: SubgraphUnderTest;
  beforeAll(async () => {
    images = await openImages(store);
  });
  afterAll(() => images.remove());

  const countOf = (productId: string) =>
    images.documents.collection<{ _id: string; productId: string }>('images').countDocuments({ productId });

  describe('createImage', () => {
    test('stores what it answers, with priority 100 when nothing is said', async () => {
      const image = await create(images, 'created', url);
      expect(image).toEqual({ _id: expect.any(String), productId: 'created', url, priority: 100 });
      expect(await read(images, image._id)).toEqual(image);
      const input = { productId: 'created', url: `${url}?2`, priority: null };
      expect(dataOf(await tryToCreate(images, input), 'createImage')).toMatchObject({ priority: 100 });
      expect(await create(images, 'created', `${url}?3`, 0)).toMatchObject({ priority: 0 });
    });

    test('one url is one image of a product, and may be another of another', async () => {
      await create(images, 'doubled', url);
      const answer = await tryToCreate(images, { productId: 'doubled', url, priority: 1 });
      expect(codeOf(answer)).toBe('DUPLICATE_IMAGE');
      expect(answer.data).toEqual({ createImage: null });
      expect(await countOf('doubled')).toBe(1);
      await create(images, 'not-doubled', url);
    });

    test('of ten who add one url at once exactly one does', async () => {
      const input = { productId: 'raced', url };
      const answers = await Promise.all(Array.from({ length: 10 }, () => tryToCreate(images, input)));
      const codes = answers.map((answer) => codeOf(answer) ?? 'created');
      expect(codes.filter((code) => code === 'created')).toHaveLength(1);
      expect(codes.filter((code) => code === 'DUPLICATE_IMAGE')).toHaveLength(9);
      expect(await countOf('raced')).toBe(1);
    });

    test('a product has 250 images at most; once one is deleted there is room again', async () => {
      const { insert } = createImageStore(images.documents);
      for (let n = 0; n < maxImagesPerProduct; n++) {
        await insert({ _id: `full-${n}`, productId: 'full', url: `${url}?${n}`, priority: 1 });
      }
      const answer = await tryToCreate(images, { productId: 'full', url });
      expect(codeOf(answer)).toBe('BAD_USER_INPUT');
      expect(badFieldsOf(answer)).toEqual(['input.productId']);
      await tryToDelete(images, 'full-0');
      await create(images, 'full', url);
      expect(await countOf('full')).toBe(maxImagesPerProduct);
    });

    test('names every broken field at once, and stores nothing', async () => {
      const input = { productId: 'no product!', url: 'ftp://example.org', priority: 101 };
      const answer = await tryToCreate(images, input);
      expect(codeOf(answer)).toBe('BAD_USER_INPUT');
      expect(badFieldsOf(answer)).toEqual(['input.productId', 'input.url', 'input.priority']);
      expect(await countOf('no product!')).toBe(0);
    });
  });

  describe('updateImage', () => {
    test('changes what is given', async () => {
      const image = await create(images, 'edited', url, 5);
      const update = async (input: { url?: string; priority?: number }) =>
        dataOf(await tryToUpdate(images, image._id, input), 'updateImage');
      expect(await update({ priority: 7 })).toEqual({ ...image, priority: 7 });
      expect(await update({ url: `${url}?new` })).toEqual({ ...image, url: `${url}?new`, priority: 7 });
      expect(await update({ url: `${url}?new` })).toEqual({ ...image, url: `${url}?new`, priority: 7 });
      expect(await update({})).toEqual({ ...image, url: `${url}?new`, priority: 7 });
      expect(await read(images, image._id)).toEqual({ ...image, url: `${url}?new`, priority: 7 });
    });

    test('to the url of another image of the product is DUPLICATE_IMAGE', async () => {
      await create(images, 'crossed', `${url}?1`);
      const second = await create(images, 'crossed', `${url}?2`);
      expect(codeOf(await tryToUpdate(images, second._id, { url: `${url}?1`, priority: 1 }))).toBe(
        'DUPLICATE_IMAGE',
      );
      expect(await read(images, second._id)).toEqual(second);
    });

    test('what no image may be is BAD_USER_INPUT, null as well', async () => {
      const image = await create(images, 'guarded', url);
      const bad = [
        [{ url: null }, ['input.url']],
        [{ priority: null }, ['input.priority']],
        [{ url: 'tea.png', priority: -1 }, ['input.url', 'input.priority']],
      ] as const;
      for (const [input, fields] of bad) {
        const answer = await tryToUpdate(images, image._id, input);
        expect(codeOf(answer)).toBe('BAD_USER_INPUT');
        expect(badFieldsOf(answer)).toEqual(fields);
      }
      expect(await read(images, image._id)).toEqual(image);
    });
  });

  test('deleteImage answers the image as it was, and it is gone', async () => {
    const image = await create(images, 'deleted', url);
    expect(dataOf(await tryToDelete(images, image._id), 'deleteImage')).toEqual(image);
    expect(await read(images, image._id)).toBeNull();
    expect(codeOf(await tryToDelete(images, image._id))).toBe('NOT_FOUND');
  });

  test('an image that is not there is NOT_FOUND, and the answer names it', async () => {
    for (const answer of [
      await tryToUpdate(images, 'nothing', { priority: 1 }),
      await tryToUpdate(images, 'nothing', {}),
      await tryToDelete(images, 'nothing'),
    ]) {
      expect(codeOf(answer)).toBe('NOT_FOUND');
      expect(answer.errors?.[0]?.message).toContain('"nothing"');
    }
  });

  test.each([
    ['nobody', {}, 'UNAUTHENTICATED'],
    ['an expired token', { user: 'expired' }, 'UNAUTHENTICATED'],
    ['a user', { user: 'ann' }, 'FORBIDDEN'],
    ['a wrong key', { apiKey: 'another-secret-for-tests' }, 'FORBIDDEN'],
  ])('%s changes nothing, and does not learn what is there', async (who, caller, code) => {
    const image = await create(images, `kept-from-${code}`, `${url}?${who.replaceAll(' ', '-')}`);
    const product = image.productId;
    const before = await countOf(product);
    expect(codeOf(await tryToCreate(images, { productId: product, url: 'bad' }, caller))).toBe(code);
    expect(codeOf(await tryToCreate(images, { productId: product, url: `${url}?new` }, caller))).toBe(code);
    expect(codeOf(await tryToUpdate(images, image._id, { priority: 1 }, caller))).toBe(code);
    expect(codeOf(await tryToDelete(images, image._id, caller))).toBe(code);
    expect(codeOf(await tryToDelete(images, 'nothing', caller))).toBe(code);
    expect(await read(images, image._id)).toEqual(image);
    expect(await countOf(product)).toBe(before);
  });

  test('a client needs the scope products:write, and no other', async () => {
    const writer = { user: 'service:products:write' };
    const others = { user: 'service:products:read,orders:read,orders:write,users:read,internal' };
    const { _id } = await create(images, 'by-clients', url);
    const calls = (caller: Caller) => [
      () => tryToCreate(images, { productId: 'by-clients', url: `${url}?2` }, caller),
      () => tryToUpdate(images, _id, { priority: 7 }, caller),
      () => tryToDelete(images, _id, caller),
    ];
    for (const call of calls(others)) expect(codeOf(await call())).toBe('FORBIDDEN');
    expect(await countOf('by-clients')).toBe(1);
    for (const call of calls(writer)) expect((await call()).errors).toBeUndefined();
    expect(await countOf('by-clients')).toBe(1);
  });
});
