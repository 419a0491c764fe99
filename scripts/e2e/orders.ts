import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from './client.ts';

export interface Line {
  _id: string;
  quantity: number;
}

export interface Order {
  _id: string;
  status: 'PENDING' | 'CONFIRMED' | 'REJECTED' | 'CANCELLED' | 'EXPIRED';
  total: number | null;
  products: (Line & { unitPrice: number | null })[];
  shortages: { productId: string; requested: number; available: number }[] | null;
}

const orderFields =
  '_id status total products { _id quantity unitPrice } shortages { productId requested available }';

/** Places an order; rejects when the shop answers with an error. */
export async function placeOrder(
  user: Client,
  products: Line[],
  options: { waitMs?: number; idempotencyKey?: string } = {},
): Promise<Order> {
  const { placeOrder: order } = await user.get<{ placeOrder: Order }>(
    `mutation ($products: [OrderProductInput], $idempotencyKey: String, $waitMs: Int) {
      placeOrder(products: $products, idempotencyKey: $idempotencyKey, waitMs: $waitMs) { ${orderFields} }
    }`,
    { products, ...options },
  );
  return order;
}

export async function cancelOrder(user: Client, id: string): Promise<Order> {
  const query = `mutation ($id: ID!) { cancelOrder(id: $id) { ${orderFields} } }`;
  return (await user.get<{ cancelOrder: Order }>(query, { id })).cancelOrder;
}

export async function readOrder(user: Client, id: string): Promise<Order | null> {
  return (
    await user.get<{ order: Order | null }>(`query ($id: ID!) { order(id: $id) { ${orderFields} } }`, { id })
  ).order;
}

// Orders are made by the tests themselves: a list that does not end is a fault.
const maxPages = 20;

/** All orders that this client may see, page by page. */
export async function allOrders(client: Client): Promise<Order[]> {
  const all: Order[] = [];
  for (let page = 0; page < maxPages; page += 1) {
    const { orders } = await client.get<{ orders: Order[] }>(
      `query ($after: ID) { orders(first: 250, after: $after) { ${orderFields} } }`,
      { after: all.at(-1)?._id },
    );
    all.push(...orders);
    if (orders.length < 250) return all;
  }
  throw new Error(`more than ${maxPages} pages of orders`);
}

/** All orders once none is PENDING; rejects when some still are after `withinMs`. */
export async function untilAllDecided(client: Client, withinMs = 25_000): Promise<Order[]> {
  const deadline = Date.now() + withinMs;
  for (;;) {
    const { orders } = await client.get<{ orders: unknown[] }>(
      '{ orders(first: 1, status: PENDING) { _id } }',
    );
    if (orders.length === 0) return allOrders(client);
    if (Date.now() > deadline) throw new Error(`orders are still PENDING after ${withinMs} ms`);
    await sleep(50);
  }
}

/** How many of a product the orders of one status hold. */
export function unitsOf(productId: string, orders: Order[], status: Order['status'] = 'CONFIRMED'): number {
  const lines = orders.filter((order) => order.status === status).flatMap(({ products }) => products);
  return lines.filter(({ _id }) => _id === productId).reduce((sum, { quantity }) => sum + quantity, 0);
}

/** What can be sold now of a product, as its single read says. */
export async function quantityOf(client: Client, id: string): Promise<number> {
  const { product } = await client.get<{ product: { quantity: number } }>(
    'query ($id: ID!) { product(id: $id) { quantity } }',
    { id },
  );
  return product.quantity;
}

/** The quantity of a product once it is the one expected; after `withinMs` whatever it is. */
export async function settledQuantity(client: Client, id: string, expected: number, withinMs = 10_000) {
  const deadline = Date.now() + withinMs;
  for (;;) {
    const quantity = await quantityOf(client, id);
    if (quantity === expected || Date.now() > deadline) return quantity;
    await sleep(20);
  }
}
