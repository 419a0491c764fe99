import { expect, test } from 'vitest';
import { describeError } from './describe-error.ts';

test('tells what happened, where and why, and nothing that hangs on the error', () => {
  const cause = Object.assign(new TypeError('inner'), { request: 'a secret', code: 'ECONNRESET' });
  const error = Object.assign(new Error('outer', { cause }), { code: 121, op: { email: 'a secret' } });
  const described = describeError(error);
  expect(described).toEqual({
    type: 'Error',
    message: 'outer',
    code: 121,
    stack: error.stack,
    cause: { type: 'TypeError', message: 'inner', code: 'ECONNRESET', stack: cause.stack },
  });
  expect(JSON.stringify(described)).not.toContain('a secret');
});

test('tells of what was thrown that is no error, and of several errors in one', () => {
  expect(describeError('text')).toEqual({ type: 'string', message: 'text' });
  expect(describeError(undefined)).toEqual({ type: 'undefined', message: 'undefined' });
  const many = new AggregateError(Array.from({ length: 9 }, (_, n) => new Error(`${n}`)));
  expect(describeError(many).errors?.map(({ message }) => message)).toEqual(['0', '1', '2', '3', '4']);
});

test('ends, also when an error is its own cause', () => {
  const error = new Error('again');
  error.cause = error;
  expect(JSON.stringify(describeError(error)).match(/"message"/g)).toHaveLength(5);
});
