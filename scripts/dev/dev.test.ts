import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { until } from '../../subgraphs/shared/test/until.ts';
import { type Client, createClient } from '../e2e/client.ts';
import { freePorts } from '../e2e/free-ports.ts';
import { copyRepository, type RepositoryCopy } from '../e2e/repository-copy.ts';
import { endAllShops, spawnScript, temporaryFolder } from '../e2e/shop-process.ts';
import { subgraphNames } from '../start/subgraph-names.ts';

let copy: RepositoryCopy;
let dev: ReturnType<typeof spawnScript>;
let url: string;
let user: Client;

beforeAll(async () => {
  copy = copyRepository();
  await startDevOf('orders');
}, 60_000);
afterAll(async () => {
  await endAllShops();
  copy.remove();
});

async function startDevOf(only: string): Promise<void> {
  const port = await freePorts(1 + subgraphNames.length);
  url = `http://127.0.0.1:${port}`;
  const variables = { PORT: `${port}`, DATA_DIR: temporaryFolder() };
  dev = spawnScript(['scripts/dev.ts', '--only', only], variables, copy.root);
  user = createClient(url, { authorization: `Bearer ${await untilSaid(/authorization: Bearer (\S+)/)}` });
}

/** The first group of what dev has printed; fails with all that it did print. */
function untilSaid(pattern: RegExp): Promise<string> {
  return until(async () => {
    if (dev.process.exitCode !== null) throw new Error(dev.output());
    return pattern.exec(dev.output())?.[1] ?? null;
  });
}

function edit(path: string, change: (text: string) => string): void {
  const file = join(copy.root, path);
  const before = readFileSync(file, 'utf8');
  const after = change(before);
  if (after === before) throw new Error(`${path} has nothing to change`);
  writeFileSync(file, after);
}

/** Asks until there is no error: changes take a moment. */
function untilAnswered(client: Client, query: string): Promise<Record<string, unknown>> {
  return until(async () => {
    const { data, errors } = await client.ask(query).catch(() => ({ data: null, errors: [] }));
    return data && errors.length === 0 ? data : null;
  });
}

const place = `mutation { placeOrder(products: [{ _id: "product-1", quantity: 2 }]) {
  _id status userId user { username email } products { quantity product { _id name price } }
} }`;

test('an operation crosses what is real and what is mocked', async () => {
  const { placeOrder } = await user.get<{ placeOrder: Record<string, unknown> }>(place);
  expect(placeOrder).toEqual({
    _id: expect.stringMatching(/^[0-9a-f-]{36}$/),
    status: 'PENDING',
    userId: 'user-1',
    user: { username: expect.any(String), email: expect.stringContaining('@') },
    products: [
      { quantity: 2, product: { _id: 'product-1', name: expect.any(String), price: expect.any(Number) } },
    ],
  });
  const { me } = await user.get<{ me: { _id: string; orders: { nodes: { _id: string }[] } } }>(
    '{ me { _id orders { nodes { _id } } } }',
  );
  expect(me._id).toBe('user-1');
  expect(me.orders.nodes.map(({ _id }) => _id)).toContain(placeOrder._id);
  expect(dev.output()).toContain('orders stay PENDING');
});

test('whoever logs in gets a token that is good', async () => {
  const { login } = await createClient(url).get<{ login: { access_token: string } }>(
    'mutation { login(input: { username: "ann", password: "anything" }) { access_token } }',
  );
  const ann = createClient(url, { authorization: `Bearer ${login.access_token}` });
  expect(await ann.get('{ orders { userId } }')).toEqual({ orders: [{ userId: 'user-1' }] });
  expect((await createClient(url).ask('{ orders { userId } }')).codes).toEqual(['UNAUTHENTICATED']);
});

test('a field that a mocked schema gets is there', async () => {
  edit('subgraphs/users/schema.graphql', (sdl) =>
    sdl.replace('  username: String!\n', '  username: String!\n  "For friends."\n  nickname: String!\n'),
  );
  const { me } = await untilAnswered(user, '{ me { nickname orders { nodes { status } } } }');
  expect(me).toEqual({ nickname: expect.any(String), orders: { nodes: [{ status: 'PENDING' }] } });
});

test('a field that the real one gets is there, and what was stored still is', async () => {
  edit('subgraphs/orders/schema.graphql', (sdl) =>
    sdl.replace('  userId: ID!\n', '  userId: ID!\n  "A word to the packer."\n  note: String\n'),
  );
  expect(await untilAnswered(user, '{ orders { note userId } }')).toEqual({
    orders: [{ note: null, userId: 'user-1' }],
  });
});

test('what does not compose is said; the last good graph is served, until it does again', async () => {
  const broken = 'user: Usr';
  edit('subgraphs/orders/schema.graphql', (sdl) => sdl.replace('user: User\n', `${broken}\n`));
  await untilSaid(/(do not compose[\s\S]*subgraphs\/orders\/schema\.graphql:\d+)/);
  expect(await user.get('{ orders { note user { nickname } } }')).toMatchObject({ orders: [{ note: null }] });
  edit('subgraphs/orders/schema.graphql', (sdl) =>
    sdl.replace(`${broken}\n`, 'user: User\n  "Another word."\n  remark: String\n'),
  );
  expect(await untilAnswered(user, '{ orders { remark } }')).toEqual({ orders: [{ remark: null }] });
});

test('changed code runs; code that cannot be read is said, and its repair runs', async () => {
  const caller = 'subgraphs/shared/src/identity/caller.ts';
  const messageOf = async () => (await createClient(url).ask('{ orders { _id } }')).errors[0]?.message ?? '';
  edit(caller, (text) => text.replace('Log in first:', 'Please log in first:'));
  await until(async () => (await messageOf()).startsWith('Please') || null);
  edit('subgraphs/orders/src/resolvers.ts', (text) => `${text}\nexport const broken = ;\n`);
  await untilSaid(/(orders ended with 1)/);
  edit('subgraphs/orders/src/resolvers.ts', (text) => text.replace('\nexport const broken = ;\n', ''));
  await untilAnswered(user, '{ orders { _id } }');
});

test('Ctrl-C ends it, with what it started', async () => {
  dev.process.kill('SIGINT');
  expect(await dev.exited, dev.output()).toBe(0);
  for (const n of [0, ...subgraphNames.keys()]) {
    const port = Number(new URL(url).port) + n;
    await expect(fetch(`http://127.0.0.1:${port}/livez`)).rejects.toThrow();
  }
});

test('several can be real: with Products an order is decided', async () => {
  await startDevOf('orders,products');
  const admin = createClient(url, { 'x-api-key': await untilSaid(/x-api-key: (\S+)/) });
  const { createProduct } = await admin.get<{ createProduct: { _id: string } }>(
    'mutation { createProduct(input: { name: "Tea", price: 20, quantity: 10 }) { _id images { url } } }',
  );
  const { placeOrder } = await user.get<{ placeOrder: object }>(
    `mutation ($id: String!) {
      placeOrder(products: [{ _id: $id, quantity: 2 }], waitMs: 10000) { status total user { _id } }
    }`,
    { id: createProduct._id },
  );
  expect(placeOrder).toEqual({ status: 'CONFIRMED', total: 40, user: { _id: 'user-1' } });
  expect(dev.output()).not.toContain('orders stay PENDING');
}, 60_000);

test('killed, it takes the real ones with it', async () => {
  const orders = `http://127.0.0.1:${Number(new URL(url).port) + 1 + subgraphNames.indexOf('orders')}/livez`;
  expect((await fetch(orders)).status).toBe(200);
  dev.process.kill('SIGKILL');
  await until(() =>
    fetch(orders).then(
      () => null,
      () => true,
    ),
  );
});

test('an unknown name is refused: what there is, exit code 2', async () => {
  const refused = spawnScript(['scripts/dev.ts', '--only', 'warehouse'], {});
  expect(await refused.exited).toBe(2);
  expect(refused.output()).toMatch(/no subgraph "warehouse".*users, products[\s\S]*Usage: npm run dev/);
});
