import { silentLog } from '@shop/shared/process/log';
import { expect, test } from 'vitest';
import { askRouter } from '../test/ask.ts';
import { createChangingSource } from '../test/changing-source.ts';
import { composeSmallShop, startSubgraph } from '../test/small-shop.ts';
import { imageResolvers, productResolvers } from '../test/small-shop-resolvers.ts';
import { operationsOf } from './client-operations.ts';
import { createRouter } from './router.ts';
import { hashOf } from './served-graph.ts';

const swaps = 200;
const clients = 6;
const query = '{ products { _id name images { url } } product(id: "2") { name } }';
const expected = {
  products: [
    { _id: '1', name: 'Bar', images: [{ url: 'https://images.example/1' }] },
    { _id: '2', name: 'Cake', images: [{ url: 'https://images.example/2' }] },
  ],
  product: { name: 'Cake' },
};
const single = '{ product(id: "1") { _id name } }';
const operations = operationsOf('shop.graphql', `query Whole ${query} query One ${single}`);

/** In every second graph Images is at another address, and a field is there that is not in the others. */
async function startSubgraphs() {
  const products = await startSubgraph('products', productResolvers);
  const images = [
    await startSubgraph('images', imageResolvers),
    await startSubgraph('images', imageResolvers),
  ];
  const graph = (n: number) => {
    const urls = { products: products.url, images: images[n % 2]!.url };
    const more = n % 2 === 0 ? {} : { products: 'extend type Product { odd: Int }' };
    return `${composeSmallShop(urls, more)}# ${n}\n`;
  };
  return { graph, images, close: () => Promise.all([products, ...images].map((each) => each.close())) };
}

test(`${swaps} swaps under load: no request fails and no answer is wrong`, { timeout: 180_000 }, async () => {
  const { graph, images, close } = await startSubgraphs();
  const source = createChangingSource(graph(0));
  const options = { supergraph: source, operations, host: '127.0.0.1', port: 0, log: silentLog };
  const router = await createRouter(options);
  let isOver = false;
  const answers = { right: 0, wrong: [] as string[] };

  async function client(): Promise<void> {
    while (!isOver) {
      const [whole, one] = [await askRouter(router.url, query), await askRouter(router.url, single)];
      for (const [answer, data] of [
        [whole, expected],
        [one, { product: { _id: '1', name: 'Bar' } }],
      ] as const) {
        const isRight = answer.status === 200 && JSON.stringify(answer.data) === JSON.stringify(data);
        if (isRight && !answer.errors) answers.right += 1;
        else answers.wrong.push(answer.text);
      }
    }
  }

  const load = Promise.all(Array.from({ length: clients }, client));
  try {
    for (let n = 1; n <= swaps; n++) {
      source.set(graph(n));
      await untilServed(router.url, hashOf(graph(n)));
    }
    const metrics = await (await fetch(`${router.url}/metrics`)).text();
    expect(metrics).toContain(`updates_total{outcome="taken"} ${swaps}`);
    expect(metrics).toContain('updates_total{outcome="refused"} 0');
  } finally {
    isOver = true;
    await load;
    await router.close();
    await close();
  }
  expect(answers.wrong).toEqual([]);
  expect(answers.right).toBeGreaterThan(swaps);
  for (const { received } of images) expect(received.length).toBeGreaterThan(swaps / 4);
});

async function untilServed(url: string, hash: string): Promise<void> {
  for (const deadline = Date.now() + 20_000; Date.now() < deadline; ) {
    const { supergraph } = (await (await fetch(`${url}/readyz`)).json()) as {
      supergraph: { hash: string; lastError: unknown };
    };
    if (supergraph.hash === hash) return;
    if (supergraph.lastError) throw new Error(JSON.stringify(supergraph.lastError));
  }
  throw new Error('the supergraph was not taken in time');
}
