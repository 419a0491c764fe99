import {
  type BulkWrite,
  type Collection,
  type Documents,
  DuplicateKeyError,
  type Filter,
  type UpdateFilter,
} from '@shop/shared/documents/port';
import { type OutboxDoc, outboxEntry, outboxIndex, pushOutbox } from '@shop/shared/events/outbox';
import type { Decision } from './decision.ts';
import type { Canceller, Order, OrderDoc, OrderStatus } from './order.ts';

const collectionName = 'orders';

/** What readers have no use for. */
const projection = { outbox: 0, outboxAt: 0, placementKey: 0, requestHash: 0 } as const;
const { requestHash: _, ...projectionWithHash } = projection;

const newestFirst = { _id: -1 } as const;

/** Which orders a list shows. */
export interface OrderSelection {
  /** Only theirs; everybody's if undefined. */
  userIds?: readonly string[] | undefined;
  status?: OrderStatus | undefined;
  /** Only orders older than the one with this _id. */
  before?: string | undefined;
}

export type OrderStore = ReturnType<typeof createOrderStore>;

/**
 * The orders. A status changes only by one write to one document, whose filter names the status that the order
 * leaves and which carries the event that tells of it: whoever comes second changes nothing.
 */
export function createOrderStore(documents: Documents) {
  const orders = documents.collection<OrderDoc>(collectionName);
  const findMany = (filter: Filter<OrderDoc>, limit: number): Promise<Order[]> =>
    orders.find(filter, { sort: newestFirst, limit, projection }).toArray();
  return {
    /** Where the relay finds the events to publish. */
    outbox: documents.collection<OutboxDoc>(collectionName),

    createIndexes: () => orders.createIndexes(indexes),

    /** Stores a new order with its event; 'duplicate' if there is one with its placementKey already. */
    insert: (order: OrderDoc) => insert(orders, order),

    /** With its requestHash, to compare. */
    findByPlacementKey: (placementKey: string): Promise<(Order & { requestHash: string }) | null> =>
      orders.findOne({ placementKey }, { projection: projectionWithHash }),

    findById: (_id: string): Promise<Order | null> => orders.findOne({ _id }, { projection }),

    findByIds: (ids: readonly string[]) => findMany({ _id: { $in: [...ids] } }, ids.length),

    /** Newest first. */
    list: (selection: OrderSelection, limit: number) => findMany(filterOf(selection), limit),

    /** Gives pending orders their decisions, in one round trip; an order in any other status keeps it. */
    async decide(decisions: Decision[], now: Date): Promise<void> {
      await orders.bulkWrite(
        decisions.map((decision) => decide(decision, now)),
        { ordered: false },
      );
    },

    /** The order as it is after, or null if it is not there, not cancellable or not the canceller's. */
    cancel: (_id: string, canceller: Canceller, now: Date): Promise<Order | null> =>
      orders.findOneAndUpdate(
        {
          _id,
          status: { $in: ['PENDING', 'CONFIRMED'] },
          ...(canceller.kind === 'user' && { userId: canceller.userId }),
        },
        leaveFor('CANCELLED', 'order.cancelled', _id, now),
        { returnDocument: 'after', projection },
      ),

    /** The ids of pending orders whose time is over, the longest overdue first. */
    async findOverdue(now: Date, limit: number): Promise<string[]> {
      const filter = { status: 'PENDING', expiresAt: { $lte: now } } as const;
      const query = { sort: { expiresAt: 1 }, limit, projection: { _id: 1 } } as const;
      return (await orders.find(filter, query).toArray()).map((order) => order._id);
    },

    /** Lets those of these orders expire that are still pending. */
    async expire(ids: string[], now: Date): Promise<void> {
      await orders.bulkWrite(
        ids.map((_id) => ({
          updateOne: {
            filter: { _id, status: 'PENDING' },
            update: leaveFor('EXPIRED', 'order.expired', _id, now),
          },
        })),
        { ordered: false },
      );
    },
  };
}

const indexes = [
  { key: { userId: 1, _id: 1 } },
  { key: { userId: 1, status: 1, _id: 1 } },
  { key: { status: 1, expiresAt: 1 } },
  { key: { status: 1, _id: 1 } },
  { key: { placementKey: 1 }, unique: true, sparse: true },
  outboxIndex,
] satisfies Parameters<Collection<OrderDoc>['createIndexes']>[0];

async function insert(orders: Collection<OrderDoc>, order: OrderDoc): Promise<'stored' | 'duplicate'> {
  try {
    await orders.insertOne(order);
    return 'stored';
  } catch (error) {
    if (error instanceof DuplicateKeyError && order.placementKey !== undefined) return 'duplicate';
    throw error;
  }
}

function filterOf({ userIds, status, before }: OrderSelection): Filter<OrderDoc> {
  const [only, ...others] = userIds ?? [];
  return {
    ...(userIds && { userId: others.length === 0 && only !== undefined ? only : { $in: [...userIds] } }),
    ...(status && { status }),
    ...(before !== undefined && { _id: { $lt: before } }),
  };
}

function decide({ orderId: _id, ...decided }: Decision, now: Date): BulkWrite<OrderDoc> {
  return {
    updateOne: { filter: { _id, status: 'PENDING' }, update: { $set: { ...decided, updatedAt: now } } },
  };
}

/** An order leaves for one of these two once at most, hence the event's fixed number. */
function leaveFor(
  status: 'CANCELLED' | 'EXPIRED',
  event: 'order.cancelled' | 'order.expired',
  orderId: string,
  now: Date,
): UpdateFilter<OrderDoc> {
  const entry = outboxEntry(`${orderId}:2`, event, { orderId, at: now.toISOString() }, now);
  return { $set: { status, updatedAt: now }, ...pushOutbox([entry], now) };
}
