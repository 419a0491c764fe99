import type { Doc } from '@shop/shared/documents/port';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Answer, ask, codeOf, dataOf } from '../../shared/test/ask.ts';
import { type SubgraphUnderTest, stores } from '../../shared/test/open-over-store.ts';
import { createRecordedLog } from '../../shared/test/recorded-log.ts';
import { sessionLimits } from '../src/sessions.ts';
import { goodPassword, openUsers, register, startUsers, tryToChangePassword } from './users-under-test.ts';

interface Tokens {
  access_token: string;
  refresh_token: string;
}

interface SessionDoc extends Doc {
  userId: string;
}

const dayMs = 86_400_000;
let count = 0;

async function logIn(users: SubgraphUnderTest, username: string): Promise<Tokens> {
  const query = `mutation ($input: LoginInput!) { login(input: $input) { access_token refresh_token } }`;
  return dataOf(await ask(users, query, { input: { username, password: goodPassword } }), 'login') as Tokens;
}

function tryToRefresh(users: { url: string }, refreshToken: string): Promise<Answer> {
  const query = `mutation ($token: String!) {
    refreshSession(refreshToken: $token) { access_token refresh_token user { _id email } }
  }`;
  return ask(users, query, { token: refreshToken });
}

async function refresh(users: { url: string }, refreshToken: string): Promise<Tokens> {
  return dataOf(await tryToRefresh(users, refreshToken), 'refreshSession') as Tokens;
}

async function logOut(users: { url: string }, token: string): Promise<unknown> {
  const query = 'mutation ($token: String!) { logout(refreshToken: $token) }';
  return dataOf(await ask(users, query, { token }), 'logout');
}

describe.each(stores)('sessions, $name', (store) => {
  let nowMs = Date.now();
  let users: SubgraphUnderTest;
  let name: string;
  let userId: string;
  const recorded = createRecordedLog();

  beforeAll(async () => {
    const passwords = {
      hash: async (password: string) => `hash of ${password}`,
      verify: async (hash: string | null, password: string) => hash === `hash of ${password}`,
      isOutdated: () => false,
    };
    users = await openUsers(store, { clock: () => new Date(nowMs), passwords, log: recorded.log });
  });
  afterAll(() => users.remove());
  beforeEach(async () => {
    name = `user-${++count}`;
    userId = (await register(users, name)).user._id;
    nowMs += 1;
  });

  const sessions = () => users.documents.collection<SessionDoc>('sessions');
  const whoIs = async (token: string) =>
    dataOf(await ask(users, '{ me { username } }', {}, { user: token }), 'me');
  const codeOfRefresh = async (token: string) => codeOf(await tryToRefresh(users, token));

  test('a refresh token is exchanged for the next and for an access token of the same user', async () => {
    const first = await logIn(users, name);
    nowMs += 60_000;
    const second = await refresh(users, first.refresh_token);
    expect(second.refresh_token).not.toBe(first.refresh_token);
    expect(await whoIs(second.access_token)).toEqual({ username: name });
    nowMs += 60_000;
    const third = await refresh(users, second.refresh_token);
    expect(new Set([first, second, third].map((each) => each.refresh_token)).size).toBe(3);
    expect(await sessions().countDocuments({ userId })).toBe(1);
  });

  test('registering gives one too; who does not ask for it leaves no session', async () => {
    expect(await sessions().countDocuments({ userId })).toBe(0);
    const query = `mutation ($input: RegisterUserInput) {
      registerUser(input: $input) { refresh_token again: refresh_token user { _id } }
    }`;
    const input = { username: `${name}-too`, password: goodPassword };
    const result = dataOf(await ask(users, query, { input }), 'registerUser') as Tokens & {
      again: string;
      user: { _id: string };
    };
    expect(result.again).toBe(result.refresh_token);
    expect(await sessions().countDocuments({ userId: result.user._id })).toBe(1);
    expect(await codeOfRefresh(result.refresh_token)).toBeUndefined();
  });

  test('what is stored holds no part of a token', async () => {
    const { refresh_token: first } = await logIn(users, name);
    const { refresh_token: second } = await refresh(users, first);
    const stored = JSON.stringify(await sessions().find({ userId }, { limit: 9 }).toArray());
    for (const part of [...first.split('.'), ...second.split('.')]) expect(stored).not.toContain(part);
  });

  test('one that was used before ends the session, for whoever holds the next one too', async () => {
    const { refresh_token: stolen } = await logIn(users, name);
    const { refresh_token: next } = await refresh(users, stolen);
    nowMs += sessionLimits.graceMs + 1;
    expect(await codeOfRefresh(stolen)).toBe('INVALID_REFRESH_TOKEN');
    expect(await codeOfRefresh(next)).toBe('INVALID_REFRESH_TOKEN');
    expect(await sessions().countDocuments({ userId })).toBe(0);
    expect(recorded.text()).toContain('its session is ended');
    expect(recorded.text()).not.toContain(stolen);
  });

  test('one from longer ago ends the session at once', async () => {
    const { refresh_token: first } = await logIn(users, name);
    const { refresh_token: second } = await refresh(users, first);
    const { refresh_token: third } = await refresh(users, second);
    expect(await codeOfRefresh(first)).toBe('INVALID_REFRESH_TOKEN');
    expect(await codeOfRefresh(third)).toBe('INVALID_REFRESH_TOKEN');
  });

  test('a client whose answer was lost gets the same successor again, for ten seconds', async () => {
    const { refresh_token: first } = await logIn(users, name);
    const { refresh_token: lost } = await refresh(users, first);
    nowMs += sessionLimits.graceMs;
    const { refresh_token: again, access_token: token } = await refresh(users, first);
    expect(again).toBe(lost);
    expect(await whoIs(token)).toEqual({ username: name });
    expect(await codeOfRefresh(again)).toBeUndefined();
  });

  test('of many uses at once one replaces the token: all are answered the same, and it is good once', async () => {
    const { refresh_token: first } = await logIn(users, name);
    const other = await startUsers(users.documents, { clock: () => new Date(nowMs) });
    const answers = await Promise.all([users, other, users, other].map((each) => refresh(each, first)));
    await other.close();
    const [next = '', ...others] = new Set(answers.map((each) => each.refresh_token));
    expect(others).toEqual([]);
    await refresh(users, next);
    nowMs += sessionLimits.graceMs + 1;
    expect(await codeOfRefresh(next)).toBe('INVALID_REFRESH_TOKEN');
  });

  test('logging out ends this session and no other, and may be repeated', async () => {
    const [here, there] = [await logIn(users, name), await logIn(users, name)];
    for (let n = 0; n < 2; n++) expect(await logOut(users, here.refresh_token)).toBe(true);
    expect(await codeOfRefresh(here.refresh_token)).toBe('INVALID_REFRESH_TOKEN');
    expect(await codeOfRefresh(there.refresh_token)).toBeUndefined();
  });

  test('another password ends every session that is there, and none that starts after it', async () => {
    const { access_token: user, refresh_token: before } = await logIn(users, name);
    nowMs += 1_000;
    expect(codeOf(await tryToChangePassword(users, goodPassword, goodPassword, { user }))).toBeUndefined();
    expect(await codeOfRefresh(before)).toBe('INVALID_REFRESH_TOKEN');
    nowMs += 1_000;
    expect(await codeOfRefresh((await logIn(users, name)).refresh_token)).toBeUndefined();
  });

  test('it lasts 30 days from use to use, and 90 in all', async () => {
    const idle = await logIn(users, name);
    let kept = await logIn(users, name);
    nowMs += 30 * dayMs - 1;
    kept = await refresh(users, kept.refresh_token);
    nowMs += 1;
    expect(await codeOfRefresh(idle.refresh_token)).toBe('INVALID_REFRESH_TOKEN');
    for (const days of [29, 29]) {
      nowMs += days * dayMs;
      kept = await refresh(users, kept.refresh_token);
    }
    nowMs += 2 * dayMs;
    expect(await codeOfRefresh(kept.refresh_token)).toBe('INVALID_REFRESH_TOKEN');
  });

  test('a user has twenty sessions: the next login ends the oldest', async () => {
    const logins: Tokens[] = [];
    for (let n = 0; n < sessionLimits.maxPerUser + 2; n++) {
      nowMs += 1;
      logins.push(await logIn(users, name));
    }
    expect(await sessions().countDocuments({ userId })).toBe(sessionLimits.maxPerUser);
    const codes = await Promise.all(logins.slice(0, 3).map((each) => codeOfRefresh(each.refresh_token)));
    expect(codes).toEqual(['INVALID_REFRESH_TOKEN', 'INVALID_REFRESH_TOKEN', undefined]);
  });

  test('what is no refresh token is INVALID_REFRESH_TOKEN, and logs nobody out', async () => {
    const { access_token: access, refresh_token: token } = await logIn(users, name);
    const [session] = token.split('.');
    const unknown = `${'A'.repeat(22)}.${'A'.repeat(43)}`;
    for (const given of ['', '.', 'nonsense', access, unknown, `${token}x`, `${session}.`]) {
      expect(await codeOfRefresh(given)).toBe('INVALID_REFRESH_TOKEN');
      expect(await logOut(users, given)).toBe(true);
    }
    expect(await whoIs(token)).toBeNull();
    expect(await codeOfRefresh(token)).toBeUndefined();
  });
});
