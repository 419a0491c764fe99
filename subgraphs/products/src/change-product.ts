import { setTimeout as sleep } from 'node:timers/promises';
import { backoffMs } from '@shop/shared/events/backoff';
import type { Decide, ProductState, Refusal } from './product-change.ts';
import type { ProductStore } from './product-store.ts';

/** Each time that this fails, somebody else's change succeeded: a hundred in a row is a storm, not a coincidence. */
const maxTries = 100;
const pauseMs = { minMs: 1, maxMs: 50 };

export type ChangeOutcome = { kind: 'changed'; before: ProductState; after: ProductState } | Refusal;

/** Looks, decides and writes; looks again when the product was changed in between, for a few seconds at most. */
export async function changeProduct(
  store: Pick<ProductStore, 'find' | 'replace'>,
  id: string,
  decide: Decide,
  clock: () => Date,
): Promise<ChangeOutcome> {
  for (let attempt = 1; attempt <= maxTries; attempt++) {
    const before = await store.find(id);
    if (!before) return { kind: 'not-found' };
    const decision = decide(before, clock());
    if (decision.kind === 'keep') return { kind: 'changed', before, after: before };
    if (decision.kind !== 'change') return decision;
    const { after, event } = decision;
    if (await store.replace(before, after, event)) return { kind: 'changed', before, after };
    await sleep(backoffMs(attempt, pauseMs));
  }
  return { kind: 'contended' };
}
