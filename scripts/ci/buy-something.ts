// API_SECRET=… node scripts/ci/buy-something.ts URL: puts a product on sale at a running shop and buys it, so that every part
// and every server has its share. It ends with code 1 unless the order is confirmed; it needs no package.
import { createImage, createProduct, registerUser } from '../e2e/client.ts';
import { placeOrder } from '../e2e/orders.ts';

const [url = ''] = process.argv.slice(2);
const shop = { url, apiSecret: process.env.API_SECRET ?? '' };
const waitMs = 10_000;

try {
  const productId = await createProduct(shop, { name: 'A loaf of bread', price: 450, quantity: 3 });
  await createImage(shop, { productId, url: 'https://images.example/bread.png' });
  const user = await registerUser(shop);
  const { status, total } = await placeOrder(user, [{ _id: productId, quantity: 2 }], { waitMs });
  const { product } = await user.get<{ product: unknown }>(
    'query ($id: ID!) { product(id: $id) { quantity images { url } } }',
    { id: productId },
  );
  console.log(JSON.stringify({ status, total, product }));
  if (status !== 'CONFIRMED') throw new Error(`The order is ${status} after ${waitMs / 1_000} s.`);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
