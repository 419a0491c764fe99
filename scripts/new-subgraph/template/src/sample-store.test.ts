import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { adapters, type OpenedDocuments } from '../../../../subgraphs/shared/test/documents-adapters.ts';
import { createSampleStore, type SampleStore } from './sample-store.ts';

const createdAt = new Date(0);
const all = [
  { _id: '1', productId: 'a', text: 'one', createdAt },
  { _id: '2', productId: 'b', text: 'two', createdAt },
  { _id: '3', productId: 'a', text: 'three', createdAt },
];

describe.each(adapters)('the store, $name', (adapter) => {
  let opened: OpenedDocuments;
  let store: SampleStore;
  beforeAll(async () => {
    opened = await adapter.open();
    store = createSampleStore(opened.documents);
    await store.createIndexes();
    for (const each of all) await store.insert(each);
  });
  afterAll(() => opened.remove());

  test('its indexes can be created again', () => store.createIndexes());

  test('those of products come by product, then newest first', async () => {
    const ids = (await store.findByProducts(['b', 'a', 'none'])).map(({ _id }) => _id);
    expect(ids).toEqual(['3', '1', '2']);
  });

  test('a page goes on behind the last one', async () => {
    expect(await store.page(null, 2)).toEqual(all.slice(0, 2));
    expect(await store.page('2', 2)).toEqual(all.slice(2));
  });

  test('what is removed is gone, and counted no longer', async () => {
    await store.insert({ ...all[0]!, _id: '4', productId: 'c' });
    expect(await store.countOf('c')).toBe(1);
    expect(await store.remove('4')).toMatchObject({ productId: 'c' });
    expect(await store.remove('4')).toBeNull();
    expect([await store.countOf('c'), await store.findByIds(['4', '2'])]).toEqual([0, [all[1]]]);
  });
});
