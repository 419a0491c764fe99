import { setTimeout as sleep } from 'node:timers/promises';
import type { Ask } from './client.ts';
import type { Ledger } from './ledger.ts';

export interface ReadersOptions {
  ask: Ask;
  ledger: Ledger;
  productIds: string[];
  /** They read until it is aborted. */
  signal: AbortSignal;
}

const everyMs = 50;

interface Reads {
  product: { quantity: number };
  products: { quantity: number }[];
}

/**
 * Reads the products that others order, one by one and in the list. So caches are full when a fault comes, and what
 * a fault left wrong in one is still there when all is quiet. Resolves after `signal`; never rejects.
 */
export async function readProducts({ ask, ledger, productIds, signal }: ReadersOptions): Promise<void> {
  for (let turn = 0; !signal.aborted; turn += 1) {
    const outcome = await ask<Reads>(
      'query ($id: ID!) { product(id: $id) { quantity } products(first: 250) { quantity } }',
      { id: productIds[turn % productIds.length] },
      {},
    );
    ledger.note('reading products', outcome);
    if (outcome.kind === 'answered') {
      const { product, products } = outcome.data;
      const least = Math.min(product.quantity, ...products.map(({ quantity }) => quantity));
      if (least < 0) ledger.problem(`a client was told of a quantity of ${least}`);
    }
    await sleep(everyMs, undefined, { signal }).catch(() => undefined);
  }
}
