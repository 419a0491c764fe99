import { GraphQLError } from 'graphql';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { parseInput } from './parse-input.ts';

const schema = z.object({
  name: z.string().trim().min(1, 'must not be blank'),
  lines: z.array(z.object({ quantity: z.number().min(1, 'must be at least 1') })),
});

function fieldsOf(value: unknown, at: string): unknown {
  try {
    parseInput(schema, value, at);
  } catch (error) {
    return error instanceof GraphQLError && error.extensions.fields;
  }
  throw new Error('it was accepted');
}

test('gives the value as the schema makes it, without what the schema does not know', () => {
  expect(parseInput(schema, { name: ' tea ', lines: [], extra: 1 }, 'input')).toEqual({
    name: 'tea',
    lines: [],
  });
});

test('names every broken field at once, from the argument down', () => {
  const value = { name: '', lines: [{ quantity: 1 }, { quantity: 0 }] };
  expect(fieldsOf(value, 'input')).toEqual([
    { path: 'input.name', message: 'must not be blank' },
    { path: 'input.lines.1.quantity', message: 'must be at least 1' },
  ]);
});

test('names the argument itself where the whole value is wrong', () => {
  expect(fieldsOf(null, 'input')).toMatchObject([{ path: 'input' }]);
});
