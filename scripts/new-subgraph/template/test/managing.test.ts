import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { badFieldsOf, codeOf, dataOf } from '../../../../subgraphs/shared/test/ask.ts';
import { type SubgraphUnderTest, stores } from '../../../../subgraphs/shared/test/open-over-store.ts';
import { maxSamplesPerProduct } from '../src/sample.ts';
import { createSampleStore } from '../src/sample-store.ts';
import { create, openTemplate, read, tryToCreate, tryToDelete } from './template-under-test.ts';

describe.each(stores)('managing, $name', (store) => {
  let subgraph: SubgraphUnderTest;
  beforeAll(async () => {
    subgraph = await openTemplate(store);
  });
  afterAll(() => subgraph.remove());

  const countOf = (productId: string) => createSampleStore(subgraph.documents).countOf(productId);

  test('createSample stores what it answers', async () => {
    const created = await create(subgraph, 'created', ' as it is ');
    expect(created).toEqual({
      _id: expect.any(String),
      productId: 'created',
      text: 'as it is',
      createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
    });
    expect(await read(subgraph, created._id)).toEqual(created);
  });

  test('it names every broken field at once, and stores nothing', async () => {
    const answer = await tryToCreate(subgraph, { productId: 'no product!', text: '' });
    expect(codeOf(answer)).toBe('BAD_USER_INPUT');
    expect(badFieldsOf(answer)).toEqual(['input.productId', 'input.text']);
    expect(await countOf('no product!')).toBe(0);
  });

  test('a product that has as many as it may have gets no more until one is deleted', async () => {
    const { insert } = createSampleStore(subgraph.documents);
    for (let n = 0; n < maxSamplesPerProduct; n++) {
      await insert({ _id: `full-${n}`, productId: 'full', text: `${n}`, createdAt: new Date(0) });
    }
    const answer = await tryToCreate(subgraph, { productId: 'full', text: 'one more' });
    expect(badFieldsOf(answer)).toEqual(['input.productId']);
    await tryToDelete(subgraph, 'full-0');
    await create(subgraph, 'full', 'one more');
    expect(await countOf('full')).toBe(maxSamplesPerProduct);
  });

  test('deleteSample answers it as it was, and it is gone: NOT_FOUND from then on', async () => {
    const created = await create(subgraph, 'deleted', 'gone soon');
    expect(dataOf(await tryToDelete(subgraph, created._id), 'deleteSample')).toEqual(created);
    expect(await read(subgraph, created._id)).toBeNull();
    expect(codeOf(await tryToDelete(subgraph, created._id))).toBe('NOT_FOUND');
  });

  test.each([
    ['nobody', {}, 'UNAUTHENTICATED'],
    ['an expired token', { user: 'expired' }, 'UNAUTHENTICATED'],
    ['a user', { user: 'ann' }, 'FORBIDDEN'],
    ['a wrong key', { apiKey: 'another-secret-for-tests' }, 'FORBIDDEN'],
  ])('%s changes nothing, and does not learn what is there', async (_, caller, code) => {
    const kept = await create(subgraph, `kept-from-${code}`, 'stays');
    const before = await countOf(kept.productId);
    const input = { productId: kept.productId, text: 'intruding' };
    expect(codeOf(await tryToCreate(subgraph, input, caller))).toBe(code);
    expect(codeOf(await tryToCreate(subgraph, { ...input, text: '' }, caller))).toBe(code);
    expect(codeOf(await tryToDelete(subgraph, kept._id, caller))).toBe(code);
    expect(codeOf(await tryToDelete(subgraph, 'nothing', caller))).toBe(code);
    expect(await countOf(kept.productId)).toBe(before);
  });
});
