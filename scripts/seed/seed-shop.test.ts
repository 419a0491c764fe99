import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type InProcessShop, startInProcessShop } from '../e2e/in-process-shop.ts';
import { demoCatalogue } from './demo-catalogue.ts';
import { seedShop } from './seed-shop.ts';

const imageCount = demoCatalogue.flatMap(({ images }) => images).length;

test('the demo catalogue has some 50 products, each name once, each with 1 to 3 images', () => {
  expect(demoCatalogue.length).toBeGreaterThanOrEqual(45);
  expect(new Set(demoCatalogue.map(({ name }) => name)).size).toBe(demoCatalogue.length);
  for (const { name, images } of demoCatalogue) {
    expect(images.length, name).toBeGreaterThanOrEqual(1);
    expect(new Set(images).size, name).toBe(images.length);
    expect(images.length, name).toBeLessThanOrEqual(3);
  }
});

describe('a shop that is seeded', () => {
  let shop: InProcessShop;
  beforeAll(async () => {
    shop = await startInProcessShop();
  });
  afterAll(() => shop.close());

  const seed = () => seedShop({ url: `${shop.url}/graphql`, apiSecret: shop.apiSecret });

  test('gets every product and image once, however often', async () => {
    expect(await seed()).toEqual({ created: demoCatalogue.length, skipped: 0, images: imageCount });
    expect(await seed()).toEqual({ created: 0, skipped: demoCatalogue.length, images: 0 });
  });

  test('gets back what is missing; what was changed or taken off sale stays as it is', async () => {
    const [gone, offSale] = demoCatalogue;
    const products = shop.documents.products.collection<{ _id: string; name: string; status: string }>(
      'products',
    );
    const images = shop.documents.images.collection<{ _id: string; url: string }>('images');
    await products.updateOne({ name: gone!.name }, { $set: { status: 'DELETED' } });
    await products.updateOne({ name: offSale!.name }, { $set: { status: 'INACTIVE' } });
    await images.deleteOne({ url: demoCatalogue[2]!.images[0]! });
    expect(await seed()).toEqual({
      created: 1,
      skipped: demoCatalogue.length - 1,
      images: gone!.images.length + 1,
    });
    expect((await products.findOne({ name: offSale!.name }))?.status).toBe('INACTIVE');
  });

  test('refuses a wrong secret, and says why', async () => {
    const attempt = seedShop({ url: `${shop.url}/graphql`, apiSecret: 'not the secret of this shop' });
    await expect(attempt).rejects.toThrow('FORBIDDEN');
  });
});

describe('what is no shop', () => {
  test('does not answer: says where and what to do', async () => {
    const url = await closedOrigin();
    await expect(seedShop({ url, apiSecret: '' })).rejects.toThrow(
      `does not answer at ${url}: is it running?`,
    );
  });

  test('answers something else: says so', async () => {
    const server = createServer((_, response) => response.writeHead(404).end('<html>'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`;
    await expect(seedShop({ url, apiSecret: '' })).rejects.toThrow("is not the shop's GraphQL endpoint");
    await new Promise((resolve) => server.close(resolve));
  });
});

/** An origin on which nothing listens any more. */
async function closedOrigin(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return `http://127.0.0.1:${port}/graphql`;
}
