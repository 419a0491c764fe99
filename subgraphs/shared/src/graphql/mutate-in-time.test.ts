import { setTimeout as sleep } from 'node:timers/promises';
import { gql } from 'graphql-tag';
import { expect, test } from 'vitest';
import { post, startSmallSubgraph } from '../../test/small-subgraph.ts';

test('no mutation begins after its request was answered for being late', async () => {
  const begun: string[] = [];
  const mutation = (name: string, takesMs: number) => async () => {
    begun.push(name);
    await sleep(takesMs);
    return name;
  };
  const server = await startSmallSubgraph({
    typeDefs: gql('type Query { hello: String } type Mutation { quick: String slow: String last: String }'),
    resolvers: {
      Query: { hello: () => 'world' },
      Mutation: { quick: mutation('quick', 1), slow: mutation('slow', 1_500), last: mutation('last', 1) },
    },
    deadlineMs: 1_000,
    maxRequests: 1,
  });
  const mutate = (fields: string) => post(server.url, JSON.stringify({ query: `mutation { ${fields} }` }));
  expect((await mutate('quick slow last')).status).toBe(503);
  // Its place is free when nothing runs for it any more.
  await expect.poll(async () => (await mutate('last')).status, { timeout: 5_000 }).toBe(200);
  expect(begun).toEqual(['quick', 'slow', 'last']);
  begun.length = 0;
  expect(await (await mutate('quick last')).json()).toEqual({ data: { quick: 'quick', last: 'last' } });
  expect(begun).toEqual(['quick', 'last']);
  await server.close();
});
