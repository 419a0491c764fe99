import { dateTimeScalar } from '@shop/shared/graphql/date-time';
import { badUserInput, shopError } from '@shop/shared/graphql/errors';
import {
  type Connection,
  decodeCursor,
  parseAfter,
  parseFirst,
  toConnection,
} from '@shop/shared/graphql/paging';
import type { Resolvers } from '@shop/shared/graphql/subgraph-schema';
import { hasScope, mayActFor, requireScope, requireUser } from '@shop/shared/identity/caller';
import { z } from 'zod';
import { type Acceptance, acceptOrder } from './accept-order.ts';
import { cancelOrder } from './cancel-order.ts';
import type { OrdersContext } from './context.ts';
import type { Order, OrderLine, OrderStatus, Shortage } from './order.ts';
import type { Placement } from './place-order.ts';

interface ListArguments {
  first?: number | null;
  after?: string | null;
  status?: OrderStatus | null;
}

interface Reference {
  _id: string;
}

/** The resolvers of the Orders subgraph over what placing and cancelling need. */
export function createResolvers(acceptance: Acceptance): Resolvers {
  return {
    DateTime: dateTimeScalar,
    Query: {
      orders: (_: unknown, args: ListArguments, context: OrdersContext) => orders(args, context, acceptance),
      order: (_: unknown, { id }: { id: string }, context: OrdersContext) => visibleOrder(id, context),
    },
    Mutation: {
      placeOrder: (_: unknown, args: Placement, context: OrdersContext) => place(args, context, acceptance),
      cancelOrder: (_: unknown, { id }: { id: string }, context: OrdersContext) =>
        cancel(id, context, acceptance),
    },
    Order: {
      __resolveReference: ({ _id }: Reference, context: OrdersContext) => visibleOrder(_id, context),
      user: ({ userId }: Order) => ({ __typename: 'User', _id: userId }),
      products: ({ lines }: Order) => lines,
      rejectionReason: ({ reason }: Order) => reason,
    },
    OrderProduct: { _id: ({ productId }: OrderLine) => productId, product },
    Shortage: { product },
    User: {
      __resolveReference: ({ _id }: Reference) => ({ _id }),
      orders: ({ _id }: Reference, args: ListArguments, context: OrdersContext) =>
        ordersOfUser(_id, args, context),
    },
  };
}

/** Only a reference: whether the product is there, Products says. */
function product({ productId }: OrderLine | Shortage) {
  return { __typename: 'Product', _id: productId };
}

function orders(args: ListArguments, { caller }: OrdersContext, { store }: Acceptance): Promise<Order[]> {
  const userIds = hasScope(caller, 'orders:read') ? undefined : [requireUser(caller, 'orders:read')];
  const first = parseFirst(args.first, 100);
  const selection = {
    userIds,
    status: args.status ?? undefined,
    before: parseAfter(args.after) ?? undefined,
  };
  return store.list(selection, first);
}

async function visibleOrder(id: string, { caller, orders }: OrdersContext): Promise<Order | null> {
  if (caller.clientId !== null) requireScope(caller, 'orders:read');
  else if (!caller.isAdmin && caller.userId === null) return null;
  const order = await orders.load(id);
  return order && mayActFor(caller, order.userId, 'orders:read') ? order : null;
}

async function ordersOfUser(
  userId: string,
  args: ListArguments,
  { caller, userOrders }: OrdersContext,
): Promise<Connection<Order>> {
  if (!mayActFor(caller, userId, 'orders:read')) {
    requireUser(caller, 'orders:read');
    throw shopError(
      'FORBIDDEN',
      'These are the orders of another user: only the user and an admin see them.',
    );
  }
  const first = parseFirst(args.first, 20);
  const before = args.after == null ? undefined : decodeCursor(args.after, z.tuple([z.string()]))[0];
  const page = await userOrders.load({ userId, first, before, status: args.status ?? undefined });
  return toConnection(page, first, (order) => [order._id]);
}

async function place(args: Placement, context: OrdersContext, acceptance: Acceptance): Promise<Order> {
  const { caller, arrivedAtMs } = context;
  const outcome = await acceptOrder(requireUser(caller), args, acceptance, arrivedAtMs);
  if (outcome.kind === 'accepted') return outcome.order;
  if (outcome.kind === 'invalid') throw badUserInput(outcome.problems);
  throw shopError(
    'IDEMPOTENCY_KEY_REUSED',
    'This idempotencyKey belongs to an order of other products: use a new key for a new order.',
  );
}

async function cancel(id: string, { caller }: OrdersContext, acceptance: Acceptance): Promise<Order> {
  const canceller = hasScope(caller, 'orders:write')
    ? ({ kind: 'admin' } as const)
    : ({ kind: 'user', userId: requireUser(caller, 'orders:write') } as const);
  const outcome = await cancelOrder(id, canceller, acceptance);
  if (outcome.kind === 'cancelled') return outcome.order;
  if (outcome.kind === 'not-found') throw shopError('NOT_FOUND', 'You have no order with this id.');
  throw shopError(
    'ORDER_NOT_CANCELLABLE',
    `Only an order that is PENDING or CONFIRMED can be cancelled; this one is ${outcome.status}.`,
  );
}
