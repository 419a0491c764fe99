import { z } from 'zod';

/** What createSample takes. That the product exists is not checked: products come and go without Template. */
export const newSampleInput = z.object({
  productId: z
    .string('must be the _id of a product')
    .regex(/^[A-Za-z0-9_-]{1,64}$/, 'must be the _id of a product: 1 to 64 of A-Z a-z 0-9 _ -'),
  text: z
    .string('must be a text')
    .trim()
    .min(1, 'must not be empty')
    .max(1000, 'must have at most 1000 characters'),
});

export type NewSample = z.output<typeof newSampleInput>;
