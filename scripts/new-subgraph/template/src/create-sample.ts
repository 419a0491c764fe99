import { maxSamplesPerProduct, type Sample } from './sample.ts';
import type { NewSample } from './sample-input.ts';
import type { SampleStore } from './sample-store.ts';

export type CreateSampleOutcome = { kind: 'created'; sample: Sample } | { kind: 'full' };

export interface CreateSampleDependencies {
  store: Pick<SampleStore, 'countOf' | 'insert'>;
  clock: () => Date;
  newId: () => string;
}

/**
 * Adds one to a product that has fewer than it may have. Those who add at the same moment may go over the limit by
 * their number, which the query behind `Product.samples` then cuts off.
 */
export async function createSample(
  input: NewSample,
  { store, clock, newId }: CreateSampleDependencies,
): Promise<CreateSampleOutcome> {
  if ((await store.countOf(input.productId)) >= maxSamplesPerProduct) return { kind: 'full' };
  const sample = { _id: newId(), ...input, createdAt: clock() };
  await store.insert(sample);
  return { kind: 'created', sample };
}
