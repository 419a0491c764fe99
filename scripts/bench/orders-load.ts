import { registerUser } from '../e2e/client.ts';
import type { Figures } from './figures.ts';
import { createPoster, runSlice } from './load.ts';
import type { BenchShop } from './shops.ts';

/** What each order of a load asks for. */
export interface OrderShape {
  lines: number;
  /** `spread`: products at random; `hot`: one and the same in every order, and others at random in further lines. */
  products: 'spread' | 'hot';
}

/** The shapes that are measured; the first two with one line. */
export const shapes: { what: string; shape: OrderShape }[] = [
  { what: 'spread, 1 line', shape: { products: 'spread', lines: 1 } },
  { what: 'one hot product, 1 line', shape: { products: 'hot', lines: 1 } },
  { what: 'spread, 10 lines', shape: { products: 'spread', lines: 10 } },
  { what: 'one hot product, 10 lines', shape: { products: 'hot', lines: 10 } },
];

const query = `mutation ($products: [OrderProductInput], $waitMs: Int) {
  placeOrder(products: $products, waitMs: $waitMs) { status }
}`;
const waitMs = 10_000;
/** Orders of several users, as they would come. */
const users = 8;

/** Customers of a shop, each connection one of them, placing orders and waiting for their decision. */
export async function createCustomers(shop: BenchShop, connections: number) {
  const poster = createPoster(connections);
  const tokens: string[] = [];
  for (let n = 0; n < users; n += 1) tokens.push((await registerUser(shop)).token);
  let sent = 0;

  async function placeOne(shape: OrderShape): Promise<boolean> {
    const products = linesOf(shape, shop.productIds).map((_id) => ({ _id, quantity: 1 }));
    const authorization = `Bearer ${tokens[sent++ % users]}`;
    const answer = await poster.post(
      shop.url,
      { authorization },
      JSON.stringify({ query, variables: { products, waitMs } }),
    );
    return answer.includes('"status":"CONFIRMED"');
  }

  return {
    /** Counts the orders that were answered CONFIRMED. */
    place: (shape: OrderShape, seconds: number): Promise<Figures> =>
      runSlice(() => placeOne(shape), { connections, seconds, cpuMs: shop.cpuMs }),
    close: () => poster.close(),
  };
}

function linesOf({ lines, products }: OrderShape, ids: string[]): string[] {
  const chosen = new Set<string>();
  if (products === 'hot') chosen.add(ids[0]!);
  while (chosen.size < Math.min(lines, ids.length)) chosen.add(ids[Math.floor(Math.random() * ids.length)]!);
  return [...chosen];
}
