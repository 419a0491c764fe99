import { GraphQLError } from 'graphql';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { decodeCursor, encodeCursor, maxPageSize, parseAfter, parseFirst, toConnection } from './paging.ts';

const nameAndId = z.tuple([z.string(), z.string()]);
const timeAndId = z.tuple([z.number(), z.string()]);

function refusalOf(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    return error instanceof GraphQLError ? error.extensions : error;
  }
  throw new Error('it was accepted');
}

test('first is the fallback for null and undefined, and else what was asked for', () => {
  expect(parseFirst(null, 20)).toBe(20);
  expect(parseFirst(undefined, 20)).toBe(20);
  expect(parseFirst(1, 20)).toBe(1);
  expect(parseFirst(maxPageSize, 20)).toBe(250);
});

test.each([0, -1, 251, 1.5])('first of %s is BAD_USER_INPUT that names it', (first) => {
  expect(refusalOf(() => parseFirst(first, 20))).toMatchObject({
    code: 'BAD_USER_INPUT',
    fields: [{ path: 'first' }],
  });
});

test('a cursor comes back as the key it was made of', () => {
  const cursor = encodeCursor(['Grüner Tee "extra"', 'id-1']);
  expect(cursor).toMatch(/^[A-Za-z0-9_-]+$/);
  expect(decodeCursor(cursor, nameAndId)).toEqual(['Grüner Tee "extra"', 'id-1']);
});

test.each([
  ['of another list', encodeCursor(['tea', 'id-1'])],
  ['of a shorter key', encodeCursor([1])],
  ['that is not one', 'hello'],
  ['that is empty', ''],
])('a cursor %s is BAD_USER_INPUT', (_, cursor) => {
  expect(refusalOf(() => decodeCursor(cursor, timeAndId))).toMatchObject({
    code: 'BAD_USER_INPUT',
    fields: [{ path: 'after' }],
  });
});

test('the item one too many is not shown: it tells that there is a next page', () => {
  const connection = toConnection(['a', 'b', 'c'], 2, (node) => [node]);
  expect(connection.nodes).toEqual(['a', 'b']);
  expect(connection.edges.map(({ node }) => node)).toEqual(['a', 'b']);
  expect(connection.pageInfo).toEqual({ hasNextPage: true, endCursor: encodeCursor(['b']) });
});

test('a last page has no next one, and an empty one no cursor', () => {
  expect(toConnection(['a', 'b'], 2, (node) => [node]).pageInfo.hasNextPage).toBe(false);
  expect(toConnection([], 2, () => []).pageInfo).toEqual({ hasNextPage: false, endCursor: null });
});

test('a list goes on after any _id, known or not, and begins without one', () => {
  expect(['id-1', 'A_9', null, undefined].map(parseAfter)).toEqual(['id-1', 'A_9', null, null]);
});

test.each(['', 'a.b', ' ', '\ud800', 'x'.repeat(65)])(
  'after %j, which is no _id, is BAD_USER_INPUT',
  (after) => {
    expect(refusalOf(() => parseAfter(after))).toMatchObject({
      code: 'BAD_USER_INPUT',
      fields: [{ path: 'after' }],
    });
  },
);
