import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { adapters, type OpenedDocuments } from '../../shared/test/documents-adapters.ts';
import type { Image } from './image.ts';
import { createImageStore, type ImageStore } from './image-store.ts';

const image = (_id: string, productId: string, priority: number): Image => ({
  _id,
  productId,
  url: `https://example.org/${_id}.png`,
  priority,
});

const all = [image('1', 'a', 5), image('2', 'a', 50), image('3', 'b', 7), image('4', 'a', 50)];

describe.each(adapters)('the image store, $name', (adapter) => {
  let opened: OpenedDocuments;
  let store: ImageStore;
  beforeAll(async () => {
    opened = await adapter.open();
    store = createImageStore(opened.documents);
    await store.createIndexes();
    for (const each of all) await store.insert(each);
  });
  afterAll(() => opened.remove());

  test('its indexes can be created again', () => store.createIndexes());

  test('the images of products come by product, then highest priority, then oldest', async () => {
    const ids = (await store.findByProducts(['b', 'a', 'none'])).map(({ _id }) => _id);
    expect(ids).toEqual(['2', '4', '1', '3']);
    expect(await store.countOf('a')).toBe(3);
    expect(await store.countOf('none')).toBe(0);
  });

  test('reads pages and ids', async () => {
    expect(await store.page(null, 2)).toEqual(all.slice(0, 2));
    expect(await store.page('2', 5)).toEqual(all.slice(2));
    expect(await store.findByIds(['3', 'none'])).toEqual([all[2]]);
  });

  test('the url of another image of the product is refused, on insert and on update', async () => {
    const { url } = image('1', 'a', 5);
    expect(await store.insert({ ...image('5', 'a', 1), url })).toBe('duplicate');
    expect(await store.update('2', { url })).toBe('duplicate');
    expect(await store.update('3', { url: 'https://example.org/1.png' })).toMatchObject({ url });
    expect(await store.findByIds(['2', '5'])).toEqual([all[1]]);
  });

  test('an update leaves what is undefined, and there may be nothing to update or remove', async () => {
    expect(await store.update('4', { url: undefined, priority: 9 })).toEqual(image('4', 'a', 9));
    expect(await store.update('4', { url: undefined })).toEqual(image('4', 'a', 9));
    expect(await store.update('4', {})).toEqual(image('4', 'a', 9));
    expect(await store.update('none', { priority: 1 })).toBeNull();
    expect(await store.remove('4')).toEqual(image('4', 'a', 9));
    expect(await store.remove('4')).toBeNull();
  });
});
