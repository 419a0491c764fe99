import { randomUUID } from 'node:crypto';
import { topics } from '@shop/contracts/events/topics.ts';
import type { EventData } from '@shop/contracts/events/types.ts';
import { type CloudEvent, type EventType, encodeEvent } from '@shop/shared/events/cloud-event';
import { decodeEvent } from '@shop/shared/events/decode-event';
import type { EventRecord, Events } from '@shop/shared/events/port';
import { silentLog } from '@shop/shared/process/log';
import type { Subgraph } from '@shop/shared/process/subgraph';
import {
  type Answer,
  admin,
  ask,
  authenticate,
  badFieldsOf,
  type Caller,
  codeOf,
  type Fields,
} from '../../shared/test/ask.ts';
import type { Ground } from '../../shared/test/grounds.ts';
import { until } from '../../shared/test/until.ts';
import { createSubgraph, type ProductsDependencies } from '../src/subgraph.ts';

/** Starts the subgraph and waits until it is ready. */
export async function startProducts(
  { documents, events, cache }: Pick<Ground, 'documents' | 'events' | 'cache'>,
  options: Partial<ProductsDependencies> = {},
): Promise<Subgraph> {
  const products = await createSubgraph({
    documents,
    events,
    cache,
    authenticate,
    verifyRouter: 'off',
    host: '127.0.0.1',
    port: 0,
    log: silentLog,
    ...options,
  });
  await until(async () => (await fetch(`${products.url}/readyz`)).ok || null);
  return products;
}

/** The answer's only field; errors are thrown. */
export function only<Result>({ data, errors }: Answer): Result {
  if (errors) throw new Error(JSON.stringify(errors));
  return Object.values(data ?? {})[0] as Result;
}

/** The code of the only error, and the paths it blames. */
export function refusalOf(answer: Answer): [code: string | undefined, paths: string[]] {
  return [codeOf(answer), badFieldsOf(answer) ?? []];
}

export interface ProductView {
  _id: string;
  name: string;
  description: string | null;
  price: number;
  quantity: number;
  status: string;
  createdAt: string;
  updatedAt: string;
}

export const productFields = '_id name description price quantity status createdAt updatedAt';

const mutations = {
  create: `mutation ($input: CreateProductInput) { createProduct(input: $input) { ${productFields} } }`,
  update: `mutation ($id: ID!, $input: UpdateProductInput!) {
    updateProduct(id: $id, input: $input) { ${productFields} } }`,
  delete: `mutation ($id: ID!) { deleteProduct(id: $id) { ${productFields} } }`,
  adjust: `mutation ($id: ID!, $delta: Int!, $reason: String) {
    adjustStock(id: $id, delta: $delta, reason: $reason) { ${productFields} } }`,
};

/** The mutations as they are answered, refused or not; sent by the admin unless told otherwise. */
export const tryTo = {
  create: (products: Subgraph, input: unknown, caller = admin) =>
    ask(products, mutations.create, { input }, caller),
  update: (products: Subgraph, id: string, input: Fields, caller = admin) =>
    ask(products, mutations.update, { id, input }, caller),
  delete: (products: Subgraph, id: string, caller = admin) => ask(products, mutations.delete, { id }, caller),
  adjust: (products: Subgraph, id: string, delta: number, reason?: string, caller = admin) =>
    ask(products, mutations.adjust, { id, delta, reason }, caller),
};

/** Creates a product that must be accepted. */
export async function create(products: Subgraph, input: Fields = {}): Promise<ProductView> {
  return only(await tryTo.create(products, { name: 'Tea', price: 450, quantity: 10, ...input }));
}

export async function update(products: Subgraph, id: string, input: Fields): Promise<ProductView> {
  return only(await tryTo.update(products, id, input));
}

export async function adjust(products: Subgraph, id: string, delta: number): Promise<ProductView> {
  return only(await tryTo.adjust(products, id, delta));
}

export async function remove(products: Subgraph, id: string): Promise<ProductView> {
  return only(await tryTo.delete(products, id));
}

export async function readOne(products: Subgraph, id: string): Promise<ProductView | null> {
  return only(await ask(products, `query ($id: ID!) { product(id: $id) { ${productFields} } }`, { id }));
}

export async function readList(products: Subgraph): Promise<ProductView[]> {
  return only(await ask(products, `{ products(first: 250) { ${productFields} } }`));
}

export interface Page {
  nodes: ProductView[];
  edges: { cursor: string; node: { _id: string } }[];
  pageInfo: { hasNextPage: boolean; endCursor: string | null };
}

const catalogQuery = `query ($first: Int, $after: String, $search: String, $status: ProductStatus, $sort: CatalogSort) {
  catalog(first: $first, after: $after, search: $search, status: $status, sort: $sort) {
    nodes { ${productFields} } edges { cursor node { _id } } pageInfo { hasNextPage endCursor } } }`;

export function tryToBrowse(products: Subgraph, args: Fields = {}, caller: Caller = {}): Promise<Answer> {
  return ask(products, catalogQuery, args, caller);
}

export async function browse(products: Subgraph, args: Fields = {}, caller: Caller = {}): Promise<Page> {
  return only(await tryToBrowse(products, args, caller));
}

/** What the router asks for a list of products that other subgraphs named. */
export async function resolveEntities(
  products: Subgraph,
  ids: string[],
  fields = productFields,
): Promise<(Fields | null)[]> {
  const query = `query ($of: [_Any!]!) { _entities(representations: $of) { ... on Product { ${fields} } } }`;
  const of = ids.map((_id) => ({ __typename: 'Product', _id }));
  return only(await ask(products, query, { of }, admin));
}

/** Collects the events of a topic from the beginning, each checked against its schema. */
export async function collect<T extends EventType>(
  events: Events,
  source: { topic: string; partitions: number; types: readonly T[] },
): Promise<CloudEvent<T>[]> {
  await events.createTopics([source]);
  const collected: CloudEvent<T>[] = [];
  await events.subscribe({ group: `test-${randomUUID()}`, topics: [source.topic] }, async ({ records }) => {
    for (const record of records) {
      const decoded = decodeEvent(record, source.types);
      if (decoded.kind !== 'event') throw new Error(`a record that is not valid: ${JSON.stringify(decoded)}`);
      if (record.key !== decoded.event.subject) throw new Error(`${record.key} is not the subject`);
      collected.push(decoded.event);
    }
  });
  return collected;
}

type OrderEvent = 'order.placed' | 'order.cancelled' | 'order.expired';

/** The record that Orders would publish. */
export function orderRecord<T extends OrderEvent>(type: T, data: EventData[T]): EventRecord {
  const { orderId } = data;
  const n = type === 'order.placed' ? 1 : 2;
  const time = '2026-01-31T12:00:00.000Z';
  const facts = { id: `${orderId}:${n}`, source: '/orders', type, subject: orderId, time, data };
  return { key: orderId, value: encodeEvent(facts) };
}

/** `lines`: quantities by product id. */
export function placedRecord(orderId: string, lines: Record<string, number>): EventRecord {
  return orderRecord('order.placed', {
    orderId,
    userId: 'ann',
    lines: Object.entries(lines).map(([productId, quantity]) => ({ productId, quantity })),
    placedAt: '2026-01-31T12:00:00.000Z',
  });
}

export function cancelledRecord(orderId: string): EventRecord {
  return orderRecord('order.cancelled', { orderId, at: '2026-01-31T12:00:00.000Z' });
}

export function publishOrders(events: Events, ...records: EventRecord[]): Promise<void> {
  return events.publish(topics.orders.topic, records);
}
