import type { Collection, Documents, Filter, Index, UpdateFilter } from '@shop/shared/documents/port';
import { outboxIndex, pushOutbox } from '@shop/shared/events/outbox-relay';
import { nameFields } from './create-product.ts';
import type { ProductDoc } from './product.ts';
import { type ChangeEvent, changeEntry, type ProductState } from './product-change.ts';
import { publicFields } from './public-product.ts';

export interface ProductStore {
  createIndexes(): Promise<void>;
  insert(product: ProductDoc): Promise<void>;
  /** The product as it is now; null if it is not there or DELETED. */
  find(id: string): Promise<ProductState | null>;
  /** Writes the change with its event, unless the product is no longer as `before` says; answers whether it did. */
  replace(before: ProductState, after: ProductState, event: ChangeEvent): Promise<boolean>;
}

/** The admin's writes. Every one keeps stocked = quantity + committed, and says what it expects to find. */
export function createProductStore(documents: Documents): ProductStore {
  const products = productsOf(documents);
  return {
    createIndexes: () => products.createIndexes(indexes),
    insert: (product) => products.insertOne(product),
    find: (id) => products.findOne({ _id: id, status: { $ne: 'DELETED' } }, { projection: stateFields }),
    async replace(before, after, event) {
      const { modifiedCount } = await products.updateOne(isStill(before), toUpdate(before, after, event));
      return modifiedCount === 1;
    },
  };
}

/** The collection of products, which the store, the queries and the relay of its events share. */
export function productsOf(documents: Documents): Collection<ProductDoc> {
  return documents.collection<ProductDoc>('products');
}

const stateFields = { ...publicFields, stocked: 1, revision: 1 } as const;

const indexes: Index[] = [
  { key: { status: 1, _id: 1 } },
  { key: { status: 1, createdAt: -1, _id: -1 } },
  { key: { status: 1, price: 1, _id: 1 } },
  { key: { status: 1, nameKey: 1, _id: 1 } },
  { key: { status: 1, terms: 1 } },
  outboxIndex,
];

// The revision excludes other admins' changes, the quantity those of orders: so what the event says is what is
// stored, and what was decided about the stock still holds.
function isStill({ _id, revision, quantity }: ProductState): Filter<ProductDoc> {
  return {
    _id,
    status: { $ne: 'DELETED' },
    revision: revision === undefined ? { $exists: false } : revision,
    quantity,
  };
}

function toUpdate(before: ProductState, after: ProductState, event: ChangeEvent): UpdateFilter<ProductDoc> {
  const revision = (before.revision ?? 1) + 1;
  const { name, description, price, status, updatedAt } = after;
  const change = after.quantity - before.quantity;
  return {
    $set: {
      name,
      ...nameFields(name),
      price,
      status,
      updatedAt,
      revision,
      ...(description !== undefined && { description }),
    },
    ...(description === undefined && { $unset: { description: '' } }),
    ...(change !== 0 && { $inc: { quantity: change, stocked: change } }),
    ...pushOutbox([changeEntry(event, { ...after, revision })], updatedAt),
  };
}
