import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { createSubgraph as createOrders } from '@shop/orders/subgraph';
import { createSubgraph as createProducts } from '@shop/products/subgraph';
import { createRouter } from '@shop/router/router';
import { defaultSubgraphDeadlineMs } from '@shop/router/serve-graphs';
import { openCache } from '@shop/shared/cache/open-cache';
import { openMongoDocuments } from '@shop/shared/documents/mongo/open-mongo-documents';
import type { Documents } from '@shop/shared/documents/port';
import { openKafkaEvents } from '@shop/shared/events/open-kafka-events';
import { requestDeadlineMs } from '@shop/shared/graphql/subgraph-server';
import { authenticateByUsers } from '@shop/shared/identity/authenticate-by-users';
import { silentLog } from '@shop/shared/process/log';
import { createSubgraph as createUsers } from '@shop/users/subgraph';
import { afterAll, describe, expect, test } from 'vitest';
import { type Answer, admin, apiSecret, ask, authenticate, dataOf } from '../../subgraphs/shared/test/ask.ts';
import { startFreezingProxy } from '../../subgraphs/shared/test/freezing-proxy.ts';
import { openGroundInMemory } from '../../subgraphs/shared/test/grounds.ts';
import { kafkaBrokers, mongodbUri } from '../../subgraphs/shared/test/real-servers.ts';
import { removeRealData } from '../../subgraphs/shared/test/remove-real-data.ts';
import { until } from '../../subgraphs/shared/test/until.ts';

/** Run in order at the end, the last first. */
const cleanups: (() => unknown)[] = [];
afterAll(async () => {
  for (const clean of cleanups.reverse()) await clean();
});

function cleaned<Thing extends { close(): Promise<void> }>(thing: Thing): Thing {
  cleanups.push(() => thing.close());
  return thing;
}

/** Where a server accepts connections and never answers. */
async function hangingServer(): Promise<string> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  cleanups.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function timed(asking: Promise<Answer>) {
  const startedAtMs = performance.now();
  const { data, errors } = await asking;
  return {
    data,
    codes: errors?.map(({ extensions }) => extensions.code),
    tookMs: performance.now() - startedAtMs,
  };
}

function openGround() {
  const ground = openGroundInMemory();
  cleanups.push(() => ground.remove());
  return ground;
}

const common = {
  authenticate,
  verifyRouter: 'off',
  host: '127.0.0.1',
  port: 0,
  log: silentLog,
  orderExpiresAfterMs: 900_000,
} as const;

const place = `mutation ($key: String, $waitMs: Int) {
  placeOrder(products: [{ _id: "tea", quantity: 1 }], idempotencyKey: $key, waitMs: $waitMs) { _id status } }`;
const ann = { user: 'ann' };
const unavailable = ['SERVICE_UNAVAILABLE'];
/** More than enough for what waits for nothing that hangs. */
const soonMs = 3_000;

describe.concurrent('what hangs', () => {
  test('a subgraph: its fields are null, in time', async () => {
    const hung = `http://${await hangingServer()}/graphql`;
    const products = cleaned(await createProducts({ ...common, ...openGround() }));
    const router = cleaned(
      await createRouter({
        supergraph: readFileSync(new URL('../../contracts/supergraph.graphql', import.meta.url), 'utf8'),
        subgraphUrls: { images: [hung], products: [`${products.url}/graphql`] },
        host: '127.0.0.1',
        port: 0,
        log: silentLog,
      }),
    );
    const input = { name: 'Tea', price: 1, quantity: 1 };
    const create = 'mutation ($input: CreateProductInput) { createProduct(input: $input) { _id } }';
    await ask(products, create, { input }, admin);
    const { data, codes, tookMs } = await timed(ask(router, '{ products { name images { url } } }'));
    expect(data).toEqual({ products: [{ name: 'Tea', images: null }] });
    expect(codes).toEqual(unavailable);
    expect(tookMs).toBeLessThan(defaultSubgraphDeadlineMs + soonMs);
  });

  test('the brokers: orders are accepted, and who waits is answered when the wait is over', async () => {
    const events = cleaned(
      await openKafkaEvents({
        brokers: [await hangingServer()],
        topicPrefix: '',
        clientId: 'hung',
        log: silentLog,
        onFatal: () => {},
      }),
    );
    const orders = cleaned(await createOrders({ ...common, ...openGround(), events }));
    for (const waitMs of [0, 500]) {
      const { data, tookMs } = await timed(ask(orders, place, { waitMs }, ann));
      expect(data).toMatchObject({ placeOrder: { status: 'PENDING' } });
      expect(tookMs).toBeLessThan(waitMs + soonMs);
    }
    const { status } = await fetch(`${orders.url}/readyz`);
    expect(status).toBe(503);
  });

  test('the cache: reads go past it', async () => {
    const redisUrl = `redis://${await hangingServer()}`;
    const cache = cleaned(await openCache({ redisUrl, prefix: 'hung', log: silentLog }));
    const products = cleaned(await createProducts({ ...common, ...openGround(), cache }));
    const { data, tookMs } = await timed(ask(products, '{ products { name } }'));
    expect(data).toEqual({ products: [] });
    expect(tookMs).toBeLessThan(soonMs);
  });

  test('the keys of access tokens: who needs them is told, others are answered', async () => {
    const byUsers = authenticateByUsers({ apiSecret, usersUrl: `http://${await hangingServer()}` });
    const orders = cleaned(await createOrders({ ...common, ...openGround(), authenticate: byUsers }));
    // Enough of a token to be looked up: {"alg":"EdDSA","typ":"at+jwt"} and nothing more.
    const user = 'eyJhbGciOiJFZERTQSIsInR5cCI6ImF0K2p3dCJ9.e30.AA';
    const { codes, tookMs } = await timed(ask(orders, place, {}, { user }));
    expect(codes).toEqual(unavailable);
    expect(tookMs).toBeLessThan(requestDeadlineMs);
    expect((await timed(ask(orders, '{ orders { _id } }', {}, admin))).data).toEqual({ orders: [] });
  });

  describe.runIf(mongodbUri && kafkaBrokers)('the database', () => {
    test('every operation is SERVICE_UNAVAILABLE before the router gives up, and works again after', async () => {
      const prefix = `test_hung_${process.pid}_`;
      cleanups.push(() =>
        removeRealData({ mongodbUri: mongodbUri!, brokers: kafkaBrokers!.split(','), prefix }),
      );
      const proxy = await startFreezingProxy(mongodbUri!);
      cleanups.push(() => proxy.stop());
      const open = async (database: 'orders' | 'users'): Promise<Documents> =>
        cleaned(await openMongoDocuments({ uri: proxy.uri, database: prefix + database }));
      const { events } = openGround();
      const orders = cleaned(await createOrders({ ...common, events, documents: await open('orders') }));
      const users = cleaned(
        await createUsers({
          ...common,
          apiSecret,
          keysSecrets: ['a secret of the tests of hung servers'],
          documents: await open('users'),
        }),
      );
      const first = dataOf(await ask(orders, place, { key: 'k' }, ann), 'placeOrder') as { _id: string };
      proxy.freeze();
      const login = 'mutation { login(input: { username: "ann", password: "password" }) { access_token } }';
      const twice = 'mutation { a: cancelOrder(id: "x") { _id } b: cancelOrder(id: "y") { _id } }';
      const answers = await Promise.all([
        timed(ask(orders, place, { waitMs: 10_000 }, ann)),
        timed(ask(orders, place, { key: 'k', waitMs: 10_000 }, ann)),
        timed(ask(orders, twice, {}, ann)),
        timed(ask(orders, '{ a: orders { _id } order(id: "x") { _id } }', {}, ann)),
        timed(ask(users, login)),
      ]);
      for (const { codes, tookMs } of answers) {
        expect(new Set(codes)).toEqual(new Set(unavailable));
        expect(tookMs).toBeLessThan(defaultSubgraphDeadlineMs);
      }
      proxy.thaw();
      const again = await until(async () => {
        const { data } = await ask(orders, place, { key: 'k' }, ann);
        return data?.placeOrder ?? null;
      });
      expect(again).toMatchObject({ _id: first._id });
    });
  });
});
