import type { OutboxRelay } from '@shop/shared/events/outbox-relay';
import type { Logger } from '@shop/shared/process/log';
import { adjustStock } from './adjust-stock.ts';
import { changeProduct } from './change-product.ts';
import { createProduct } from './create-product.ts';
import { deleteProduct } from './delete-product.ts';
import type { ProductInvalidation } from './product-cache.ts';
import type { Decide, Refusal } from './product-change.ts';
import type { NewProduct, ProductEdit, StockAdjustment } from './product-input.ts';
import type { ProductStore } from './product-store.ts';
import { isProductId, type Product, toPublicProduct } from './public-product.ts';
import { updateProduct } from './update-product.ts';

export type ManageOutcome = { kind: 'done'; product: Product } | Refusal;

/** What an admin can do with products. */
export interface ManageProducts {
  create(input: NewProduct): Promise<Product>;
  update(id: string, edit: ProductEdit): Promise<ManageOutcome>;
  /** Answers the product as it was. */
  delete(id: string): Promise<ManageOutcome>;
  adjustStock(id: string, adjustment: StockAdjustment): Promise<ManageOutcome>;
}

export interface ManageDependencies {
  store: ProductStore;
  invalidation: ProductInvalidation;
  relay: Pick<OutboxRelay, 'nudge'>;
  clock: () => Date;
  newId: () => string;
  log: Logger;
}

type Change = Parameters<ProductInvalidation['invalidate']>[1];

/** Every change in this order: the database, then the cache, then the answer. */
export function createManageProducts(dependencies: ManageDependencies): ManageProducts {
  const { store, clock, newId, log } = dependencies;

  async function change(
    id: string,
    decide: Decide,
    { of, answer }: { of: Change; answer: 'before' | 'after' },
  ): Promise<ManageOutcome> {
    if (!isProductId(id)) return { kind: 'not-found' };
    const outcome = await visibly(id, of, dependencies, () => changeProduct(store, id, decide, clock));
    if (outcome.kind !== 'changed') return outcome;
    return { kind: 'done', product: toPublicProduct(outcome[answer]) };
  }

  return {
    async create(input) {
      const product = createProduct(input, newId(), clock());
      await visibly(product._id, 'anything', dependencies, () => store.insert(product));
      return toPublicProduct(product);
    },
    update: (id, edit) => change(id, updateProduct(edit), { of: 'anything', answer: 'after' }),
    delete: (id) => change(id, deleteProduct, { of: 'anything', answer: 'before' }),
    async adjustStock(id, { delta, reason }) {
      const outcome = await change(id, adjustStock(delta), { of: 'stock', answer: 'after' });
      if (outcome.kind === 'done') {
        log.info({ productId: id, delta, quantity: outcome.product.quantity, reason }, 'stock adjusted');
      }
      return outcome;
    },
  };
}

/** Runs a write; then no read is answered from before it, even if it failed: it may have happened all the same. */
async function visibly<T>(
  id: string,
  change: Change,
  { invalidation, relay }: Pick<ManageDependencies, 'invalidation' | 'relay'>,
  write: () => Promise<T>,
): Promise<T> {
  try {
    return await write();
  } finally {
    await invalidation.invalidate([id], change);
    relay.nudge(id);
  }
}
