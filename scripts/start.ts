/** `npm start`: the whole shop in one process; `npm start -- orders`: that part alone, as in production. */
import { startWholeShop } from './start/whole-shop.ts';

const parts: Record<string, () => Promise<unknown>> = {
  router: () => import('@shop/router/main'),
  users: () => import('@shop/users/main'),
  products: () => import('@shop/products/main'),
  orders: () => import('@shop/orders/main'),
  images: () => import('@shop/images/main'),
};

const [part, ...rest] = process.argv.slice(2);
if (part === undefined) {
  await startWholeShop(process.env);
} else {
  const start = parts[part];
  if (!start || rest.length > 0) {
    console.error(`Usage: npm start, or npm start -- ${Object.keys(parts).join(' | ')}`);
    process.exit(1);
  }
  await start();
}
