import { GraphQLError } from 'graphql';
import { expect, test } from 'vitest';
import { shopError } from '../graphql/errors.ts';
import { anonymous, type Caller, mayActFor, requireAdmin, requireScope, requireUser } from './caller.ts';

const ann: Caller = { ...anonymous, userId: 'ann' };
const erp: Caller = { ...anonymous, clientId: 'erp', scopes: ['orders:read'] };
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

test('a service client is no user and no admin', () => {
  expect(refusalOf(() => requireAdmin(erp))).toMatchObject({ code: 'FORBIDDEN' });
  expect(refusalOf(() => requireUser(erp))).toMatchObject({ code: 'FORBIDDEN' });
  const { message } = refusalOf(() => requireUser(erp, 'orders:write')) as { message: string };
  expect(message).toContain('orders:write');
});

test('a scope is needed: the admin has every one, a service client those of its token, others none', () => {
  expect(refusalOf(() => requireScope(erp, 'orders:read'))).toBe('accepted');
  expect(refusalOf(() => requireScope(admin, 'orders:write'))).toBe('accepted');
  const lacking = refusalOf(() => requireScope(erp, 'orders:write'));
  expect(lacking).toEqual({ code: 'FORBIDDEN', message: expect.stringContaining('orders:write') });
  expect(refusalOf(() => requireScope(ann, 'orders:read'))).toMatchObject({ code: 'FORBIDDEN' });
  expect(refusalOf(() => requireScope(wrongKey, 'orders:read'))).toMatchObject({ code: 'FORBIDDEN' });
  expect(refusalOf(() => requireScope(anonymous, 'orders:read'))).toMatchObject({ code: 'UNAUTHENTICATED' });
});

test("a user's things are for that user, the admin, and who has the scope", () => {
  const mayRead = (caller: Caller, userId: string) => mayActFor(caller, userId, 'orders:read');
  expect(mayRead(ann, 'ann')).toBe(true);
  expect(mayRead(admin, 'ann')).toBe(true);
  expect(mayRead(erp, 'ann')).toBe(true);
  expect(mayRead(ann, 'bob')).toBe(false);
  expect(mayRead(anonymous, 'ann')).toBe(false);
  expect(mayActFor(erp, 'ann', 'users:read')).toBe(false);
});
