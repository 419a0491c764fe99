import { deadLetterTopics, topics } from '@shop/contracts/events/topics.ts';
import type { OrderDoc } from '@shop/orders/order';
import type { ProductDoc } from '@shop/products/product';
import type { ReservationDoc } from '@shop/products/reservation';
import { openDocuments } from '@shop/shared/documents/open-documents';
import type { Doc, Documents } from '@shop/shared/documents/port';
import { type KafkaTopics, kafkaTopics, type TopicRecord } from '../../subgraphs/shared/test/kafka-topics.ts';

/** What one shop's databases and topics hold, read past its processes. */
export interface Stores {
  topics: KafkaTopics;
  orders(): Promise<OrderDoc[]>;
  reservations(): Promise<ReservationDoc[]>;
  products(): Promise<ProductDoc[]>;
  /** The records of orders.v1 and inventory.v1 that are not set aside as dead letters. */
  events(): Promise<{ topic: string; value: string }[]>;
  deadLetters(): Promise<TopicRecord[]>;
  /** What still has to happen, in words; null when nothing has. */
  unfinished(): Promise<string | null>;
  /** How many products have a quantity below zero now. */
  countNegative(): Promise<number>;
  close(): Promise<void>;
}

const atMost = { limit: 100_000 };

/** Opens the stores of the shop with this prefix, on servers that answer. */
export async function openStores(options: {
  mongodbUri: string;
  brokers: string[];
  prefix: string;
}): Promise<Stores> {
  const open = (name: string) =>
    openDocuments({ uri: options.mongodbUri, database: `${options.prefix}${name}`, dataDir: '' });
  const orders = await open('orders');
  const products = await open('products');
  const raw = kafkaTopics({ brokers: options.brokers, topicPrefix: options.prefix });
  const all = <T extends Doc>(database: Documents, collection: string) =>
    database.collection<T>(collection).find({}, atMost).toArray();
  const stores: Stores = {
    topics: raw,
    orders: () => all<OrderDoc>(orders, 'orders'),
    reservations: () => all<ReservationDoc>(products, 'reservations'),
    products: () => all<ProductDoc>(products, 'products'),
    async events() {
      const dead = new Set((await stores.deadLetters()).map(sourceOf));
      const read = await Promise.all(
        [topics.orders.topic, topics.inventory.topic].map(async (topic) =>
          (await raw.read(topic))
            .filter(({ partition, offset }) => !dead.has(`${topic}/${partition}/${offset}`))
            .map(({ value }) => ({ topic, value: value ?? '' })),
        ),
      );
      return read.flat();
    },
    deadLetters: async () =>
      (await Promise.all(Object.values(deadLetterTopics).map(({ topic }) => raw.read(topic)))).flat(),
    unfinished: () => unfinished(orders, products, raw),
    countNegative: () => products.collection('products').countDocuments({ quantity: { $lt: 0 } }),
    close: async () => void (await Promise.all([orders.close(), products.close()])),
  };
  return stores;
}

/** The place where a dead letter came from. */
function sourceOf({ headers }: TopicRecord): string {
  return `${headers['dlq-topic']}/${headers['dlq-partition']}/${headers['dlq-offset']}`;
}

async function unfinished(orders: Documents, products: Documents, raw: KafkaTopics): Promise<string | null> {
  const waiting = { outboxAt: { $exists: true } };
  const counts: [string, () => Promise<number>][] = [
    ['orders PENDING', () => orders.collection('orders').countDocuments({ status: 'PENDING' })],
    ['outboxes of orders', () => orders.collection('orders').countDocuments(waiting)],
    ['outboxes of reservations', () => products.collection('reservations').countDocuments(waiting)],
    ['outboxes of products', () => products.collection('products').countDocuments(waiting)],
    ['records of orders.v1 not handled', () => raw.lag(topics.orders.topic, 'products')],
    ['records of inventory.v1 not handled', () => raw.lag(topics.inventory.topic, 'orders')],
  ];
  for (const [what, count] of counts) {
    const left = await count();
    if (left > 0) return `${left} ${what}`;
  }
  return null;
}
