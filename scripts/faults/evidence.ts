import type { OrderDoc } from '@shop/orders/order';
import type { AsRouter } from '../e2e/as-router.ts';
import { type Client, createClient } from '../e2e/client.ts';
import { type Evidence, violations } from '../saga/invariants.ts';
import type { Ledger } from './ledger.ts';
import type { Processes } from './stage.ts';
import type { Stores } from './stores.ts';

export interface Witnesses {
  shop: {
    stores: Stores;
    ledger: Ledger;
    processes: Processes & { members: { name: string; url: string }[] };
    /** What lets it ask the processes of subgraphs themselves. */
    asRouter: AsRouter;
  };
  /** Of the products whose cached state is compared: those of the latest run. */
  productIds: string[];
  /** All orders there are. */
  orders: OrderDoc[];
  /** How many dead letters there should be. */
  deadLetters: number;
}

/** Checks the invariants on what lies in the databases and topics, and on what every Products process answers. */
export async function findViolations({
  shop,
  productIds,
  orders,
  deadLetters,
}: Witnesses): Promise<string[]> {
  const { stores, ledger, processes, asRouter } = shop;
  const letters = await stores.deadLetters();
  const products = await stores.products();
  const evidence: Evidence = {
    orders,
    reservations: await stores.reservations(),
    products,
    acknowledged: ledger.acknowledged,
    stocked: ledger.stocked,
    events: await stores.events(letters),
    deadLetters:
      letters.length === deadLetters
        ? []
        : [
            `${letters.length}, not ${deadLetters}`,
            ...letters.slice(0, 10).map(({ cause, value }) => `${cause}: ${value}`),
          ],
    // The processes themselves are asked, below.
    cached: new Map(),
  };
  const quantities = new Map(products.map(({ _id, quantity }) => [_id, quantity]));
  const origins = processes.members.filter(({ name }) => processes.of('products').includes(name));
  const stale = await Promise.all(
    origins.map(({ url }) => staleAnswers(createClient(url, {}, asRouter), url, productIds, quantities)),
  );
  return [...violations(evidence), ...stale.flat()];
}

/** What a Products process answers from its cache, one by one and in the list, but the database does not say. */
async function staleAnswers(
  client: Client,
  origin: string,
  productIds: string[],
  quantities: Map<string, number>,
): Promise<string[]> {
  const single = productIds.map((id, n) => `p${n}: product(id: "${id}") { _id quantity }`);
  type Read = { _id: string; quantity: number };
  const read = await client
    .get<Record<string, Read | Read[]>>(`{ ${single.join(' ')} list: products(first: 250) { _id quantity } }`)
    .catch((error: Error) => error);
  if (read instanceof Error) return [`${origin} does not answer: ${read.message}`];
  const wrong = Object.values(read)
    .flat()
    .filter(({ _id, quantity }) => quantities.get(_id) !== quantity);
  return wrong.map(
    ({ _id, quantity }) => `${_id}: ${origin} answers ${quantity}, not ${quantities.get(_id)}`,
  );
}
