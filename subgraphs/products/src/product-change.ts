import type { EventData } from '@shop/contracts/events/types.ts';
import { type OutboxEntry, outboxEntry } from '@shop/shared/events/outbox-relay';
import type { FieldProblem } from '@shop/shared/graphql/errors';
import type { ProductDoc } from './product.ts';

/** What an admin's change looks at: the part of a document that only admins and sales change. */
export type ProductState = Pick<
  ProductDoc,
  | '_id'
  | 'name'
  | 'description'
  | 'price'
  | 'quantity'
  | 'stocked'
  | 'status'
  | 'createdAt'
  | 'updatedAt'
  | 'revision'
>;

/** Why a change is not made. */
export type Refusal =
  | { kind: 'not-found' }
  | { kind: 'invalid'; fields: FieldProblem[] }
  | { kind: 'insufficient-stock'; available: number }
  /** Others changed the product each time between the look and the write. */
  | { kind: 'contended' };

export type ChangeEvent = 'product.updated' | 'product.stock_changed' | 'product.deleted';

/** What is to become of a product, and the event that tells of it; `keep`: it is already as it should be. */
export type Decision =
  | { kind: 'change'; after: ProductState; event: ChangeEvent }
  | { kind: 'keep' }
  | Refusal;

/** Decides about a product as it is stored at this moment. Pure: it may be asked again if that has changed. */
export type Decide = (before: ProductState, now: Date) => Decision;

/** The outbox entry of a product's n-th revision. */
export function changeEntry(type: ChangeEvent | 'product.created', product: ProductState): OutboxEntry {
  const id = `${product._id}:${product.revision}`;
  const at = product.updatedAt;
  if (type === 'product.deleted') return outboxEntry(id, type, { productId: product._id }, at);
  if (type === 'product.stock_changed') {
    return outboxEntry(id, type, { productId: product._id, quantity: product.quantity }, at);
  }
  return outboxEntry(id, type, snapshot(product), at);
}

function snapshot({ _id, name, price, quantity, status }: ProductState): EventData['product.updated'] {
  const shown = status === 'INACTIVE' ? 'INACTIVE' : 'ACTIVE';
  return { productId: _id, name, price, quantity, status: shown };
}
