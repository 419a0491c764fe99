import { GraphQLError } from 'graphql';
import { expect, test } from 'vitest';
import { shopError } from '../graphql/errors.ts';
import { anonymous, type Caller, mayActFor, requireAdmin, requireUser } from './caller.ts';

const ann: Caller = { ...anonymous, userId: 'ann' };
const admin: Caller = { ...anonymous, isAdmin: true };
const wrongKey: Caller = { ...anonymous, hasWrongApiKey: true };
const expired: Caller = { ...anonymous, tokenProblem: shopError('UNAUTHENTICATED', 'expired') };

function refusalOf(work: () => unknown): { code: unknown; message: string } | 'accepted' {
  try {
    work();
  } catch (error) {
    if (error instanceof GraphQLError) return { code: error.extensions.code, message: error.message };
    throw error;
  }
  return 'accepted';
}

test('a user is needed: the id, or why there is none', () => {
  expect(requireUser(ann)).toBe('ann');
  expect(refusalOf(() => requireUser(anonymous))).toMatchObject({ code: 'UNAUTHENTICATED' });
  expect(refusalOf(() => requireUser(admin))).toMatchObject({ code: 'UNAUTHENTICATED' });
  expect(refusalOf(() => requireUser(expired))).toEqual({ code: 'UNAUTHENTICATED', message: 'expired' });
});

test('an admin is needed: unknown callers may log in, known ones and wrong keys may not', () => {
  expect(refusalOf(() => requireAdmin(admin))).toBe('accepted');
  expect(refusalOf(() => requireAdmin(anonymous))).toMatchObject({ code: 'UNAUTHENTICATED' });
  expect(refusalOf(() => requireAdmin(expired))).toEqual({ code: 'UNAUTHENTICATED', message: 'expired' });
  expect(refusalOf(() => requireAdmin(ann))).toMatchObject({ code: 'FORBIDDEN' });
  expect(refusalOf(() => requireAdmin(wrongKey))).toMatchObject({ code: 'FORBIDDEN' });
});

test("a user's things are for that user and the admin", () => {
  expect(mayActFor(ann, 'ann')).toBe(true);
  expect(mayActFor(admin, 'ann')).toBe(true);
  expect(mayActFor(ann, 'bob')).toBe(false);
  expect(mayActFor(anonymous, 'ann')).toBe(false);
});
