import { outboxFields } from '@shop/shared/events/outbox-relay';
import type { ProductDoc } from './product.ts';
import { changeEntry } from './product-change.ts';
import type { NewProduct } from './product-input.ts';
import { termsOf } from './terms.ts';

/** The document of a new product, with the event that tells of it. Pure. */
export function createProduct(input: NewProduct, id: string, now: Date): ProductDoc {
  const { name, description, price, quantity, status } = input;
  const product = {
    _id: id,
    name,
    ...(description !== null && { description }),
    price,
    quantity,
    stocked: quantity,
    status,
    createdAt: now,
    updatedAt: now,
    revision: 1,
  };
  return {
    ...product,
    ...nameFields(name),
    committed: 0,
    fence: {},
    holds: {},
    ...outboxFields([changeEntry('product.created', product)], now),
  };
}

/** What is stored besides a name so that it can be sorted and searched by. */
export function nameFields(name: string): Pick<ProductDoc, 'nameKey' | 'terms'> {
  return { nameKey: name.toLowerCase(), terms: termsOf(name) };
}
