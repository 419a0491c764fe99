import type { Doc, Documents } from '@shop/shared/documents/port';

/** How many documents of each kind there are, and how much stock. */
export type Stored = Record<string, unknown>;

interface ProductDoc extends Doc {
  quantity: number;
  name: string;
  price: number;
}

/** What an operation that was refused must not change. */
export async function countStored(documents: Record<'users' | 'products' | 'orders' | 'images', Documents>) {
  const count = (part: keyof typeof documents) => documents[part].collection(part).countDocuments({});
  const products = await documents.products
    .collection<ProductDoc>('products')
    .find({}, { sort: { _id: 1 }, limit: 100, projection: { name: 1, price: 1, quantity: 1 } })
    .toArray();
  return {
    users: await count('users'),
    orders: await count('orders'),
    images: await count('images'),
    products,
  };
}
