import { z } from 'zod';

// RFC 5321 allows 254 characters between the angle brackets of a mail address.
const maxEmailLength = 254;

/** What updateProfile takes: a value sets the field, null takes it away, a field left out stays. */
export const updateProfileInput = z.object({
  displayName: z
    .string()
    .trim()
    .min(1, 'must not be blank; null takes the name away')
    .max(100, 'must have at most 100 characters')
    // Half a surrogate pair comes back from one store as it was and from another as a replacement character.
    .refine((text) => text.isWellFormed(), 'must be well-formed Unicode')
    .nullish(),
  email: z
    .email('must be an e-mail address; null takes it away')
    .max(maxEmailLength, `must have at most ${maxEmailLength} characters`)
    .nullish(),
});
