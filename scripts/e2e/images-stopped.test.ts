import { afterAll, beforeAll, expect, test } from 'vitest';
import { createClient, createImage, createProduct } from './client.ts';
import { type InProcessShop, startInProcessShop } from './in-process-shop.ts';

let shop: InProcessShop;

beforeAll(async () => {
  shop = await startInProcessShop();
  for (const name of ['tea', 'coffee', 'cocoa']) {
    const productId = await createProduct(shop, { name });
    await createImage(shop, { productId, url: `https://pictures.example/${name}.png` });
  }
});
afterAll(() => shop.close());

test('images stopped: products are still answered, images null with one coded error', async () => {
  const query = '{ products { name images { url } } }';
  const client = createClient(shop.url);
  const image = (name: string) => ({ name, images: [{ url: `https://pictures.example/${name}.png` }] });
  expect(await client.get(query)).toEqual({ products: ['tea', 'coffee', 'cocoa'].map(image) });

  await shop.subgraphs.images.close();
  const { data, errors, codes } = await client.ask(query);
  expect(data).toEqual({ products: ['tea', 'coffee', 'cocoa'].map((name) => ({ name, images: null })) });
  expect(codes).toEqual(['SERVICE_UNAVAILABLE']);
  expect(errors[0]?.message).not.toMatch(/127\.0\.0\.1|ECONNREFUSED|fetch/);

  expect(await client.get('{ products { name quantity } }')).toMatchObject({ products: [{}, {}, {}] });
  expect((await client.ask('{ images { _id } }')).codes).toEqual(['SERVICE_UNAVAILABLE']);
});
