import { deadLetterTopics, topics } from '@shop/contracts/events/topics.ts';
import type { OrderDoc } from '@shop/orders/order';
import type { ProductDoc } from '@shop/products/product';
import { createProductCache } from '@shop/products/product-cache';
import type { ReservationDoc } from '@shop/products/reservation';
import { storedQuantity } from './workers.ts';
import type { World } from './world.ts';

/** What the databases, topics and the cache hold when all is quiet. */
interface Quiet {
  world: World;
  orders: Map<string, OrderDoc>;
  reservations: Map<string, ReservationDoc>;
  products: ProductDoc[];
}

/** Checks the invariants of a quiet shop; resolves with a line for each violation. */
export async function violations(world: World): Promise<string[]> {
  const { orders, products } = world.databases;
  const everything = { limit: 1_000 };
  const quiet: Quiet = {
    world,
    orders: byId(await orders.collection<OrderDoc>('orders').find({}, everything).toArray()),
    reservations: byId(
      await products.collection<ReservationDoc>('reservations').find({}, everything).toArray(),
    ),
    products: await products.collection<ProductDoc>('products').find({}, everything).toArray(),
  };
  const found = [stockAddsUp, everyOrderIsDecided, decisionsAgree, oneOrderPerKey, nothingIsLeft];
  return [...found.flatMap((check) => check(quiet)), ...(await cacheIsTrue(quiet))];
}

function stockAddsUp({ world, products, reservations }: Quiet): string[] {
  return products.flatMap((product) => {
    const reserved = [...reservations.values()]
      .filter(({ state }) => state === 'reserved')
      .flatMap(({ lines }) => lines)
      .reduce((sum, line) => (line.productId === product._id ? sum + line.quantity : sum), 0);
    const initial = world.scenario.stock[Number(product._id.slice(1))] ?? 0;
    const { atLeast, atMost } = world.restocked.get(product._id) ?? { atLeast: 0, atMost: 0 };
    const added = product.stocked - initial;
    return [
      ...(product.quantity < 0 ? [`${product._id}: negative quantity`] : []),
      ...(product.quantity + reserved > product.stocked ? [`${product._id}: oversold`] : []),
      ...(product.quantity + reserved < product.stocked ? [`${product._id}: stock lost`] : []),
      ...(product.committed !== reserved ? [`${product._id}: committed differs`] : []),
      ...(added < atLeast || added > atMost
        ? [`${product._id}: restocked ${added}, not ${atLeast}..${atMost}`]
        : []),
    ];
  });
}

function everyOrderIsDecided({ world, orders }: Quiet): string[] {
  const lost = world.acknowledged.filter(({ orderId }) => !orders.has(orderId));
  const pending = [...orders.values()].filter(({ status }) => status === 'PENDING');
  return [
    ...lost.map(({ orderId }) => `${orderId}: lost`),
    ...pending.map(({ _id }) => `${_id}: not decided`),
  ];
}

const allowedStates: Record<string, string[]> = {
  CONFIRMED: ['reserved'],
  REJECTED: ['rejected'],
  CANCELLED: ['released', 'rejected', 'cancelled'],
  EXPIRED: ['released', 'rejected', 'cancelled'],
};

function decisionsAgree({ orders, reservations }: Quiet): string[] {
  return [...orders.values()].flatMap((order) => {
    const reservation = reservations.get(order._id);
    if (!reservation || !allowedStates[order.status]?.includes(reservation.state)) {
      return [`${order._id}: ${order.status}, but the reservation is ${reservation?.state}`];
    }
    if (order.status !== 'CONFIRMED') return [];
    const total = reservation.lines.reduce((sum, line) => sum + line.quantity * (line.unitPrice ?? 0), 0);
    const isSame = JSON.stringify(order.lines) === JSON.stringify(reservation.lines) && order.total === total;
    return isSame ? [] : [`${order._id}: other lines or prices than reserved`];
  });
}

function oneOrderPerKey({ world, orders }: Quiet): string[] {
  const keys = [...orders.values()].flatMap(({ placementKey }) => placementKey ?? []);
  const twice = keys.filter((key, index) => keys.indexOf(key) !== index);
  const answers = new Map<string, string>();
  const different = world.acknowledged.filter(({ orderId, user, key }) => {
    if (key === null) return false;
    const first = answers.get(`${user}:${key}`) ?? orderId;
    answers.set(`${user}:${key}`, first);
    return first !== orderId;
  });
  return [...twice.map((key) => `${key}: two orders`), ...different.map(({ key }) => `${key}: two answers`)];
}

function nothingIsLeft({ world, orders, reservations, products }: Quiet): string[] {
  const outboxes = [...orders.values(), ...reservations.values(), ...products];
  const left = outboxes.filter(({ outbox, outboxAt }) => outbox.length > 0 || outboxAt !== undefined);
  const held = products.filter(({ holds }) => Object.keys(holds).length > 0);
  const dead = Object.values(deadLetterTopics).flatMap(({ topic }) => world.broker.records(topic));
  return [
    ...left.map(({ _id }) => `${_id}: outbox not empty`),
    ...held.map(({ _id }) => `${_id}: a hold is left`),
    ...dead.map(({ value }) => `dead letter: ${value}`),
    ...decidedTwice(world),
  ];
}

/** An event may be published twice, but then it says the same. */
function decidedTwice({ broker }: World): string[] {
  const told = new Map<string, string>();
  return [topics.inventory.topic, topics.orders.topic].flatMap((topic) =>
    broker.records(topic).flatMap(({ value }) => {
      const { id, type, data } = JSON.parse(value ?? '{}');
      const key = `${topic}/${id}`;
      const content = JSON.stringify({ type, data });
      const first = told.get(key) ?? content;
      told.set(key, first);
      return first === content ? [] : [`${id}: said ${first}, then ${content}`];
    }),
  );
}

async function cacheIsTrue({ world, products }: Quiet): Promise<string[]> {
  const wrong: string[] = [];
  for (const { _id } of products) {
    const cached = await createProductCache(world.cache).readProduct(_id, async () => null);
    // Not cached is no lie: null is what the loader above says.
    if (cached && cached.quantity !== (await storedQuantity(world, _id)))
      wrong.push(`${_id}: the cache differs`);
  }
  return wrong;
}

function byId<T extends { _id: string }>(documents: T[]): Map<string, T> {
  return new Map(documents.map((document) => [document._id, document]));
}
