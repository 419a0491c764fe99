import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { silentLog } from '@shop/shared/process/log';
import { afterEach, expect, test } from 'vitest';
import { askRouter } from '../test/ask.ts';
import { composeSmallShop, startSubgraph } from '../test/small-shop.ts';
import { productResolvers } from '../test/small-shop-resolvers.ts';
import { createRouter } from './router.ts';
import { createSubgraphClient } from './subgraph-client.ts';

const toClose: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of toClose.splice(0).toReversed()) await each.close();
});

const opened = <Thing extends { close(): Promise<void> }>(thing: Thing): Thing => {
  toClose.push(thing);
  return thing;
};

test('a process whose answer ends the connection is about to close: it gets nothing more', async () => {
  const staying = opened(await startSubgraph('products', productResolvers));
  const leaving = opened(await startSubgraph('products', productResolvers));
  const router = opened(
    await createRouter({
      supergraph: composeSmallShop({ products: staying.url, images: 'http://127.0.0.1:1/graphql' }),
      subgraphUrls: { products: [staying.url, leaving.url] },
      // No check comes in between.
      healthCheckEveryMs: 60_000,
      host: '127.0.0.1',
      port: 0,
      log: silentLog,
    }),
  );
  leaving.intercept = (_, response) => void response.setHeader('connection', 'close');
  for (let i = 0; i < 8; i += 1) {
    const { data } = await askRouter(router.url, 'mutation { rename(name: "x") { name } }');
    expect(data).toEqual({ rename: { name: 'x' } });
  }
  expect([staying.received.length, leaving.received.length]).toEqual([7, 1]);
});

test('a connection that is reset before it stands has carried nothing: the process is unreachable', async () => {
  const client = opened(createSubgraphClient());
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`);
  const answer = client.post(url, {}, '{}', AbortSignal.timeout(5_000));
  // The kernel has made the connection by now, and nobody has looked at it: it is reset.
  await new Promise(process.nextTick);
  server.close();
  expect(await answer).toMatchObject({ kind: 'unreachable', cause: { syscall: 'connect' } });
});
