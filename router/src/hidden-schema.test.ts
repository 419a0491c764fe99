import { silentLog } from '@shop/shared/process/log';
import { buildSchema, GraphQLError, getVariableValues, Kind, parse } from 'graphql';
import { expect, test } from 'vitest';
import { createRouterFormatError } from './errors.ts';
import { hidingTheSchema } from './hidden-schema.ts';

const format = hidingTheSchema(createRouterFormatError(silentLog));
const messageOf = (message: string) => {
  const thrown = new GraphQLError(message, { extensions: { code: 'BAD_USER_INPUT' } });
  return format(thrown.toJSON(), thrown).message;
};

test('a wrong value of a variable does not tell the right ones', () => {
  const schema = buildSchema('enum Size { SMALL LARGE } type Query { products(size: Size): Int }');
  const [operation] = parse('query ($size: Size) { products(size: $size) }').definitions;
  if (operation?.kind !== Kind.OPERATION_DEFINITION) throw new Error('no operation');
  const { errors } = getVariableValues(schema, operation.variableDefinitions ?? [], { size: 'SMAL' });
  const message = errors?.[0]?.message ?? '';
  expect(message).toContain('Did you mean');
  expect(messageOf(message)).toMatch(/"SMAL".*enum\.$/);
});

test('nothing else of a message is taken away', () => {
  for (const message of ['Did you mean it.', 'Who are you?', 'x'.repeat(9)])
    expect(messageOf(message)).toBe(message);
});

test('a long message of a client costs no long search', () => {
  const message = `${'Did you mean '.repeat(50_000)}?`;
  expect(messageOf(message)).toMatch(/Did you mean$/);
});
