import { z } from 'zod';

const url = z
  .string('must be a text')
  .max(2048, 'must have at most 2048 characters')
  .refine((text) => isHttpUrl(text), 'must be an http or https URL');

const priority = z.int('must be a whole number').min(0, 'must be at least 0').max(100, 'must be at most 100');

/** Where an image comes in the row when nothing is said. */
const defaultPriority = 100;

/** What createImage takes. That the product exists is not checked: products come and go without Images. */
export const newImageInput = z.object({
  productId: z
    .string('must be the _id of a product')
    .regex(/^[A-Za-z0-9_-]{1,64}$/, 'must be the _id of a product: 1 to 64 of A-Z a-z 0-9 _ -'),
  url,
  priority: priority.nullish().transform((value) => value ?? defaultPriority),
});

/** What updateImage takes: an absent field stays. */
export const imageEditInput = z.object({ url: url.optional(), priority: priority.optional() });

export type NewImage = z.output<typeof newImageInput>;

// The URL parser forgives too much: blanks around the text, line breaks inside it, a missing // after http:.
const plainHttp = /^https?:\/\/[^\s\p{Cc}]+$/iu;

function isHttpUrl(text: string): boolean {
  return text.isWellFormed() && plainHttp.test(text) && URL.canParse(text);
}
