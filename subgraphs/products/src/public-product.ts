import type { ProductDoc } from './product.ts';

/** A product as readers see it. Never DELETED: what is deleted is not there. */
export interface Product {
  _id: string;
  name: string;
  description: string | null;
  /** In minor units. */
  price: number;
  quantity: number;
  status: 'ACTIVE' | 'INACTIVE';
  createdAt: Date;
  updatedAt: Date;
}

/** The fields of a stored product that may leave the subgraph. */
export const publicFields = {
  name: 1,
  description: 1,
  price: 1,
  quantity: 1,
  status: 1,
  createdAt: 1,
  updatedAt: 1,
} as const;

type StoredPublicFields = Pick<ProductDoc, '_id' | keyof typeof publicFields>;

/** Copies field by field, so that a field added to the document does not get out by itself. */
export function toPublicProduct(stored: StoredPublicFields): Product {
  const { _id, name, description, price, quantity, createdAt, updatedAt } = stored;
  const status = stored.status === 'INACTIVE' ? 'INACTIVE' : 'ACTIVE';
  return { _id, name, description: description ?? null, price, quantity, status, createdAt, updatedAt };
}

/** Whether a text can be a product's id at all; others are not worth a question to the cache or the database. */
export function isProductId(id: unknown): id is string {
  return typeof id === 'string' && /^[A-Za-z0-9_-]{1,64}$/.test(id);
}
