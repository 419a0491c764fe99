import { deadLetterTopics, topics } from '@shop/contracts/events/topics.ts';
import type { OrderDoc } from '@shop/orders/order';
import type { ProductDoc } from '@shop/products/product';
import type { ReservationDoc } from '@shop/products/reservation';
import { openDocuments } from '@shop/shared/documents/open-documents';
import type { Doc, Documents } from '@shop/shared/documents/port';
import { type DeadLetter, formatPlace, readDeadLetter } from '@shop/shared/events/dead-letters';
import { type KafkaTopics, kafkaTopics } from '../../subgraphs/shared/test/kafka-topics.ts';

/** What one shop's databases and topics hold, read past its processes. */
export interface Stores {
  topics: KafkaTopics;
  orders(): Promise<OrderDoc[]>;
  reservations(): Promise<ReservationDoc[]>;
  products(): Promise<ProductDoc[]>;
  /** The records of orders.v1 and inventory.v1 but those that are set aside in these letters. */
  events(letters: DeadLetter[]): Promise<{ topic: string; value: string }[]>;
  deadLetters(): Promise<DeadLetter[]>;
  /** What still has to happen, in words; null when nothing has. */
  unfinished(): Promise<string | null>;
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
  return {
    topics: raw,
    orders: () => all<OrderDoc>(orders, 'orders'),
    reservations: () => all<ReservationDoc>(products, 'reservations'),
    products: () => all<ProductDoc>(products, 'products'),
    async events(letters) {
      const dead = new Set(letters.flatMap(({ source }) => (source ? formatPlace(source) : [])));
      const records = await readAll(raw, [topics.orders.topic, topics.inventory.topic]);
      return records
        .filter((record) => !dead.has(formatPlace(record)))
        .map(({ topic, value }) => ({ topic, value: value ?? '' }));
    },
    async deadLetters() {
      const names = Object.values(deadLetterTopics).map(({ topic }) => topic);
      return (await readAll(raw, names)).map(readDeadLetter);
    },
    unfinished: () => unfinished(orders, products, raw),
    close: async () => void (await Promise.all([orders.close(), products.close()])),
  };
}

async function readAll(raw: KafkaTopics, names: string[]) {
  return (await Promise.all(names.map((topic) => raw.read(topic)))).flat();
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
