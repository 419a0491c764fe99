import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ask, badFieldsOf, codeOf, dataOf } from '../../../../subgraphs/shared/test/ask.ts';
import { type SubgraphUnderTest, stores } from '../../../../subgraphs/shared/test/open-over-store.ts';
import { create, entities, openTemplate, read, type SampleView } from './template-under-test.ts';

describe.each(stores)('reading, $name', (store) => {
  let subgraph: SubgraphUnderTest;
  const created: SampleView[] = [];
  beforeAll(async () => {
    subgraph = await openTemplate(store);
    for (let n = 0; n < 6; n++) created.push(await create(subgraph, `p${n % 3}`, `number ${n}`));
  });
  afterAll(() => subgraph.remove());

  const idsOf = async (args: string) =>
    (dataOf(await ask(subgraph, `{ samples${args} { _id } }`), 'samples') as SampleView[]).map(
      ({ _id }) => _id,
    );

  test('one by its _id, null where there is none', async () => {
    expect(await read(subgraph, created[3]!._id)).toEqual(created[3]);
    expect(await read(subgraph, 'nothing')).toBeNull();
  });

  test('all come in pages, in the order of creation, and end', async () => {
    const ids = created.map(({ _id }) => _id);
    expect(await idsOf('')).toEqual(ids);
    expect(await idsOf(`(first: 2, after: "${ids[1]}")`)).toEqual(ids.slice(2, 4));
    expect(await idsOf(`(after: "${ids.at(-1)}")`)).toEqual([]);
  });

  test.each([0, -1, 251])('first of %s is BAD_USER_INPUT', async (first) => {
    const answer = await ask(subgraph, `{ samples(first: ${first}) { _id } }`);
    expect([codeOf(answer), badFieldsOf(answer)]).toEqual(['BAD_USER_INPUT', ['first']]);
  });

  test('entities cost one query, in the order asked for, null where there is none', async () => {
    const of = [...created.map(({ _id }) => _id).toReversed(), 'nothing'];
    subgraph.counted.reset();
    const answered = await entities(
      subgraph,
      of.map((_id) => ({ __typename: 'Sample', _id })),
      '... on Sample { text }',
    );
    expect(subgraph.counted.calls()).toBe(1);
    expect(answered).toEqual([...created.toReversed().map(({ text }) => ({ text })), null]);
  });

  test('those of many products cost one query, each with its own, newest first, none where none are', async () => {
    const of = ['p2', 'none', 'p0'].map((_id) => ({ __typename: 'Product', _id }));
    subgraph.counted.reset();
    const answered = await entities(
      subgraph,
      of,
      '... on Product { samples { text } last: samples(first: 1) { text } }',
    );
    expect(subgraph.counted.calls()).toBe(1);
    const shown = (...numbers: number[]) => ({
      samples: numbers.map((n) => ({ text: `number ${n}` })),
      last: numbers.slice(0, 1).map((n) => ({ text: `number ${n}` })),
    });
    expect(answered).toEqual([shown(5, 2), shown(), shown(3, 0)]);
  });

  test('each leads to its product by reference, without asking whether it is there', async () => {
    const query = 'query ($id: ID!) { sample(id: $id) { product { __typename _id } } }';
    expect(dataOf(await ask(subgraph, query, { id: created[2]!._id }), 'sample')).toEqual({
      product: { __typename: 'Product', _id: 'p2' },
    });
  });

  test('is ready', async () => {
    expect((await fetch(`${subgraph.url}/readyz`)).status).toBe(200);
  });
});
