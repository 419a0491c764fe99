import { scopes } from '@shop/shared/identity/scopes';
import { z } from 'zod';

/** What createServiceClient takes. */
export const newServiceClientInput = z.object({
  name: z
    .string()
    .trim()
    .min(1, 'must not be blank')
    .max(100, 'must have at most 100 characters')
    .refine((text) => text.isWellFormed(), 'must be well-formed Unicode'),
  scopes: z
    .array(z.enum(scopes, `must be one of ${scopes.join(', ')}`))
    .min(1, 'must name at least one scope')
    .max(scopes.length, `must have at most ${scopes.length} entries`)
    .refine((given) => new Set(given).size === given.length, 'must name each scope once'),
});
