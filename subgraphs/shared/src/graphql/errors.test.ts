import { GraphQLError } from 'graphql';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { UnavailableError } from '../unavailable.ts';
import { badUserInput, createFormatError, isPublicCode, shopError } from './errors.ts';

/** Formats as Apollo Server does: the answer's error beside what was thrown. Gives back what was logged, too. */
function format(thrown: GraphQLError, extensions: Record<string, unknown> = {}) {
  const logged: string[] = [];
  const log = pino({ level: 'trace' }, { write: (line: string) => void logged.push(line) });
  const formatted = { ...thrown.toJSON(), extensions: { ...thrown.extensions, ...extensions } };
  return { answer: createFormatError(log)(formatted, thrown), logged: logged.join('') };
}

test('a coded error passes with its message and extensions, and without a stack', () => {
  const thrown = shopError('RATE_LIMITED', 'Too many attempts.', { retryAfterSeconds: 7 });
  const { answer, logged } = format(thrown, { stacktrace: ['at secret.ts:1'] });
  expect(answer).toEqual({
    message: 'Too many attempts.',
    extensions: { code: 'RATE_LIMITED', retryAfterSeconds: 7 },
  });
  expect(logged).toBe('');
});

test('a fault of ours says nothing outside and everything in the log', () => {
  const cause = new Error('password of mongodb://root is wrong');
  const thrown = new GraphQLError(cause.message, { originalError: cause, path: ['user', 'email'] });
  const { answer, logged } = format(thrown, {
    code: 'INTERNAL_SERVER_ERROR',
    stacktrace: ['at secret.ts:1'],
  });
  expect(answer).toEqual({
    message: 'Internal server error',
    path: ['user', 'email'],
    extensions: { code: 'INTERNAL_SERVER_ERROR' },
  });
  expect(logged).toContain('mongodb://root');
});

test.each([
  ['without a code', new GraphQLError('at line 7 of store.ts')],
  ['with a code that no catalogue has', new GraphQLError('E11000', { extensions: { code: 'E11000' } })],
  ['INTERNAL_SERVER_ERROR thrown on purpose', shopError('INTERNAL_SERVER_ERROR', 'store.ts gave up')],
])('an error %s is hidden', (_, thrown) => {
  expect(format(thrown).answer).toEqual({
    message: 'Internal server error',
    extensions: { code: 'INTERNAL_SERVER_ERROR' },
  });
});

test('a dependency that does not answer is SERVICE_UNAVAILABLE, and is not named', () => {
  const cause = new UnavailableError('10.0.0.7:27017 refused');
  const { answer, logged } = format(new GraphQLError(cause.message, { originalError: cause }));
  expect(answer.extensions).toEqual({ code: 'SERVICE_UNAVAILABLE', retryAfterSeconds: 1 });
  expect(JSON.stringify(answer)).not.toContain('10.0.0.7');
  expect(logged).toContain('10.0.0.7:27017');
});

test("the catalogue's codes and Apollo Server's for malformed requests are public, names of Object's are not", () => {
  expect(isPublicCode('USERNAME_TAKEN')).toBe(true);
  expect(isPublicCode('GRAPHQL_VALIDATION_FAILED')).toBe(true);
  expect(isPublicCode('toString')).toBe(false);
  expect(isPublicCode(undefined)).toBe(false);
});

test('BAD_USER_INPUT names every field in its message and in extensions.fields', () => {
  const fields = [
    { path: 'input.a', message: 'is short' },
    { path: 'input.b', message: 'is long' },
  ];
  const error = badUserInput(fields);
  expect(error.extensions).toEqual({ code: 'BAD_USER_INPUT', fields });
  expect(error.message).toBe('input.a: is short; input.b: is long');
});
