import { join } from 'node:path';
import { readClientOperations } from '@shop/router/client-operations';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Client, createClient } from './client.ts';
import { makeWorld, runs, type World } from './client-operation-runs.ts';
import { type InProcessShop, startInProcessShop } from './in-process-shop.ts';

const operations = readClientOperations(join(import.meta.dirname, '../../contracts/operations')).filter(
  ({ at }) => !at.startsWith('v1-operations.graphql:'),
);

let shop: InProcessShop;
let world: World;

beforeAll(async () => {
  shop = await startInProcessShop();
  world = await makeWorld(shop);
});
afterAll(() => shop.close());

test('every client operation has a run here, and every run an operation', () => {
  expect(Object.keys(runs).sort()).toEqual(operations.map(({ name }) => name).sort());
});

test.each(operations)('$name answers without errors', async ({ name, body, variant }) => {
  const run = runs[name];
  if (!run) throw new Error(`how is ${name} run?`);
  const headers = { 'x-api-key': shop.apiSecret };
  const clients: Record<typeof run.as, Client> = {
    anyone: createClient(shop.url),
    user: world.user,
    admin: createClient(variant === 'internal' ? `${shop.url}/internal` : shop.url, headers),
  };
  const variables = await run.variables?.(world);
  const { data, errors } = await clients[run.as].ask(body, variables);
  expect(errors).toEqual([]);
  expect(data).toMatchObject(run.answers(world));
});
