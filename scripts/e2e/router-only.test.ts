import { readConfig } from '@shop/shared/process/config';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { partConfigs } from '../start/part-configs.ts';
import { subgraphNames } from '../start/subgraph-names.ts';
import { freePorts } from './free-ports.ts';
import { endAllShops, type ShopProcess, spawnScript, spawnStart, startShop } from './shop-process.ts';

afterAll(endAllShops);

const portsOf = ({ settings }: ShopProcess) =>
  subgraphNames.map((name, n) => ({ name, origin: `http://127.0.0.1:${settings.port + 1 + n}` }));

const send = (origin: string, query: string, headers: Record<string, string> = {}, variables: object = {}) =>
  fetch(`${origin}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query, variables }),
  });

describe('the whole shop', () => {
  let shop: ShopProcess;
  beforeAll(async () => {
    shop = await startShop();
  }, 60_000);

  const entities = 'query ($r: [_Any!]!) { _entities(representations: $r) { __typename } }';
  const product = { r: [{ __typename: 'Product', _id: 'x' }] };

  test('no port of a subgraph answers anybody but the router, the admin neither', async () => {
    const asAdmin = { 'x-api-key': shop.apiSecret };
    const secret = 'the router is whoever says so, with 32 bytes';
    const forged = Buffer.from(secret).toString('base64url');
    for (const { name, origin } of portsOf(shop)) {
      const answers = await Promise.all([
        send(origin, '{ _service { sdl } }'),
        send(origin, '{ _service { sdl } }', asAdmin),
        send(origin, entities, asAdmin, product),
        send(origin, '{ __typename }', { 'x-router-assertion': `${forged}.${forged}.${forged}` }),
        send(origin, '{ products { _id } users { _id } orders { _id } images { _id } }', asAdmin),
        send(origin, 'mutation { createProduct(input: { name: "x", price: 1 }) { _id } }', asAdmin),
        send(origin, 'mutation { login(input: { username: "a", password: "b" }) { access_token } }'),
        fetch(`${origin}/graphql?query={_service{sdl}}`, { headers: { 'apollo-require-preflight': '1' } }),
      ]);
      for (const answer of answers) {
        const told = { name, status: answer.status, body: await answer.json() };
        expect(told).toEqual({
          name,
          status: 401,
          body: { errors: [{ message: expect.any(String), extensions: { code: 'ROUTER_ONLY' } }] },
        });
      }
      for (const path of ['/livez', '/readyz']) expect((await fetch(origin + path)).status, name).toBe(200);
    }
    const users = portsOf(shop).find(({ name }) => name === 'users')!;
    expect((await fetch(`${users.origin}/.well-known/jwks.json`)).status).toBe(200);
    expect((await fetch(`${users.origin}/oauth/token`, { method: 'POST' })).status).toBe(401);
    expect(await (await send(shop.url, '{ products(first: 1) { _id } }')).json()).toMatchObject({
      data: { products: [{}] },
    });
  });
});

test('with ALLOW_DIRECT=1 the subgraphs of the whole shop answer anybody, and the log warns', async () => {
  const shop = await startShop({ variables: { ALLOW_DIRECT: '1' } });
  for (const { origin } of portsOf(shop)) {
    const answer = await (await send(origin, '{ _service { sdl } }')).json();
    expect(answer).toMatchObject({ data: { _service: { sdl: expect.any(String) } } });
  }
  expect(shop.output()).toContain('ALLOW_DIRECT=1');
}, 60_000);

test('with ALLOW_DIRECT=1 it does not start where others can reach it', async () => {
  const child = spawnStart([], { ALLOW_DIRECT: '1', HOST: '0.0.0.0', PORT: `${await freePorts(5)}` });
  expect(await child.exited).toBe(1);
  expect(child.output()).toContain('ALLOW_DIRECT: is for development on one machine');
});

test.each(['router', ...subgraphNames])('%s alone does not start without a way to be sure', async (part) => {
  const child = spawnStart([part], { PORT: `${await freePorts(1)}` });
  expect(await child.exited).toBe(1);
  // What a subgraph has no key for follows from API_SECRET, which it cannot do without.
  const name = part === 'router' ? 'ROUTER_PRIVATE_KEY' : 'API_SECRET';
  expect(child.output()).toContain(`${name}: is required`);
});

test('what keys:router prints is what the parts take', async () => {
  const child = spawnScript(['scripts/router-keys.ts'], {});
  expect(await child.exited).toBe(0);
  const printed = Object.fromEntries(
    child
      .output()
      .trim()
      .split('\n')
      .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  );
  expect(Object.keys(printed)).toEqual(['ROUTER_PRIVATE_KEY', 'ROUTER_PUBLIC_KEYS']);
  const parts = await partConfigs();
  const secret = 'a secret of the end-to-end tests';
  const others = {
    MONGODB_URI: 'mongodb://x',
    KAFKA_BROKERS: 'x:1',
    API_SECRET: secret,
    KEYS_SECRET: secret,
  };
  for (const schema of parts.values()) readConfig(schema, { ...others, ...printed });
});
