import type { z } from 'zod';
import { badUserInput } from './errors.ts';

/**
 * The value as the schema gives it back, or BAD_USER_INPUT with one entry per broken rule. `at` is the
 * argument's name: the paths in `extensions.fields` start with it, such as `input.username`.
 */
export function parseInput<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  at: string,
): z.output<Schema> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw badUserInput(
    parsed.error.issues.map((issue) => ({
      path: [at, ...issue.path.map(String)].filter(Boolean).join('.'),
      message: issue.message,
    })),
  );
}
