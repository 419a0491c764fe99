import { type Image, maxImagesPerProduct } from './image.ts';
import type { NewImage } from './image-input.ts';
import type { ImageStore } from './image-store.ts';

export type CreateImageOutcome = { kind: 'created'; image: Image } | { kind: 'duplicate' } | { kind: 'full' };

/**
 * Adds an image to a product that has fewer than it may have. Those who add at the same moment may go over the
 * limit by their number, which the query behind `Product.images` then cuts off.
 */
export async function createImage(
  input: NewImage,
  { store, newId }: { store: Pick<ImageStore, 'countOf' | 'insert'>; newId: () => string },
): Promise<CreateImageOutcome> {
  if ((await store.countOf(input.productId)) >= maxImagesPerProduct) return { kind: 'full' };
  const image = await store.insert({ _id: newId(), ...input });
  return image === 'duplicate' ? { kind: 'duplicate' } : { kind: 'created', image };
}
