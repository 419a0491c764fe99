import { z } from 'zod';

/** GraphQL's Int, and so what a price, a quantity and everything ever stocked of a product can be at most. */
export const largestInt = 2 ** 31 - 1;

const text = (what: string) =>
  z.string(`must be ${what}`).refine((value) => value.isWellFormed(), 'must be well-formed Unicode');

const name = text('a text').trim().min(1, 'must not be empty').max(200, 'must have at most 200 characters');

const amount = z
  .int('must be a whole number')
  .min(0, 'must not be negative')
  .max(largestInt, `must be at most ${largestInt}`);

const description = text('a text').max(5000, 'must have at most 5000 characters');

const status = z.enum(['ACTIVE', 'INACTIVE'], 'must be ACTIVE or INACTIVE');

/** What createProduct takes. */
export const newProductInput = z.object(
  {
    name,
    price: amount,
    quantity: amount,
    description: description.nullish().transform((value) => value ?? null),
    status: status.nullish().transform((value) => value ?? 'ACTIVE'),
  },
  'must be given: { name, price, quantity }',
);

/** What updateProduct takes: an absent field stays; null is only for the description, and takes it away. */
export const productEditInput = z.object(
  {
    name: name.optional(),
    price: amount.optional(),
    quantity: amount.optional(),
    description: description.nullable().optional(),
    status: status.optional(),
  },
  'must be given',
);

/** What adjustStock takes besides the id. */
export const stockAdjustmentInput = z.object({
  delta: z.int().refine((delta) => delta !== 0, 'must not be 0'),
  reason: text('a text').trim().max(200, 'must have at most 200 characters').nullish(),
});

export type NewProduct = z.output<typeof newProductInput>;
export type ProductEdit = z.output<typeof productEditInput>;
export type StockAdjustment = z.output<typeof stockAdjustmentInput>;
