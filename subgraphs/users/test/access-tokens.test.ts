import { accessTokens } from '@shop/shared/identity/access-token';
import { publishedKeys } from '@shop/shared/identity/published-keys';
import { createTokenVerifier } from '@shop/shared/identity/token-verifier';
import { UnavailableError } from '@shop/shared/unavailable';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ask, codeOf, dataOf } from '../../shared/test/ask.ts';
import { type SubgraphUnderTest, stores } from '../../shared/test/open-over-store.ts';
import { accessTokenLifeMs } from '../src/issue-access-token.ts';
import {
  openUsers,
  register,
  startUsers,
  tryToLogIn,
  tryToRegister,
  tryToUpdateProfile,
} from './users-under-test.ts';

function fetchKeys({ url }: { url: string }, method = 'GET'): Promise<Response> {
  return fetch(`${url}/.well-known/jwks.json`, { method });
}

async function publishedBy(users: { url: string }): Promise<Record<string, unknown>[]> {
  const { keys } = (await (await fetchKeys(users)).json()) as { keys: Record<string, unknown>[] };
  return keys;
}

describe.each(stores)('access tokens, $name', (store) => {
  let now = Date.UTC(2026, 0, 31, 12);
  let users: SubgraphUnderTest;
  beforeAll(async () => {
    users = await openUsers(store, { clock: () => new Date(now) });
  });
  afterAll(() => users.remove());

  test('one says who, from whom, for whom and until when, and nothing that is private', async () => {
    const { access_token: token, user } = await register(users, 'teller');
    const [key] = await publishedBy(users);
    expect(decodeProtectedHeader(token)).toEqual({ alg: 'EdDSA', typ: 'at+jwt', kid: key?.kid });
    expect(decodeJwt(token)).toEqual({
      userId: user._id,
      sub: user._id,
      iss: accessTokens.issuer,
      aud: accessTokens.audience,
      iat: now / 1000,
      exp: (now + accessTokenLifeMs) / 1000,
      jti: expect.any(String),
    });
  });

  test('one is good until it expires, and UNAUTHENTICATED then', async () => {
    const { access_token: token } = await register(users, 'expiring');
    const issuedAt = now;
    const update = () => tryToUpdateProfile(users, { displayName: 'A' }, { user: token });
    now = issuedAt + accessTokenLifeMs - 1;
    expect(codeOf(await update())).toBeUndefined();
    now = issuedAt + accessTokenLifeMs;
    expect(codeOf(await update())).toBe('UNAUTHENTICATED');
    expect(dataOf(await ask(users, '{ me { _id } }', {}, { user: token }), 'me')).toBeNull();
    now = issuedAt;
  });

  test('the key is published: its public part only, to be kept for a while', async () => {
    const response = await fetchKeys(users);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('application/jwk-set+json');
    expect(response.headers.get('cache-control')).toBe('public, max-age=300');
    const { keys } = (await response.json()) as { keys: Record<string, unknown>[] };
    expect(keys).toEqual([
      {
        kty: 'OKP',
        crv: 'Ed25519',
        x: expect.any(String),
        kid: expect.any(String),
        alg: 'EdDSA',
        use: 'sig',
      },
    ]);
    expect((await fetchKeys(users, 'HEAD')).status).toBe(200);
    const posted = await fetchKeys(users, 'POST');
    expect([posted.status, posted.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
  });

  test('what is published verifies tokens elsewhere', async () => {
    const { access_token: token, user } = await register(users, 'traveller');
    const verify = createTokenVerifier(publishedKeys(users.url), () => now);
    expect((await verify(token)).userId).toBe(user._id);
  });
});

test.each(stores)('processes that start at once agree on one key, $name', async (store) => {
  const { documents, remove } = await store.open();
  const processes = await Promise.all([1, 2, 3].map(() => startUsers(documents)));
  const [one, two, three] = processes as [SubgraphUnderTest, SubgraphUnderTest, SubgraphUnderTest];
  const key = await publishedBy(one);
  expect(await publishedBy(two)).toEqual(key);
  expect(await publishedBy(three)).toEqual(key);
  const { access_token: token, user } = await register(one, 'roamer');
  expect(dataOf(await ask(two, '{ me { _id } }', {}, { user: token }), 'me')).toEqual({ _id: user._id });
  await Promise.all(processes.map((users) => users.close()));

  const later = await startUsers(documents);
  expect(await publishedBy(later)).toEqual(key);
  expect(dataOf(await ask(later, '{ me { _id } }', {}, { user: token }), 'me')).toEqual({ _id: user._id });
  await later.close();
  await remove();
});

test('while too many passwords are hashed, registering and logging in are SERVICE_UNAVAILABLE', async () => {
  const refuse = () => Promise.reject(new UnavailableError('too many passwords are being hashed'));
  const users = await openUsers(stores[0]!, {
    passwords: { hash: refuse, verify: refuse, isOutdated: () => false },
  });
  const answers = [
    await tryToRegister(users, { username: 'patient', password: 'correct horse' }),
    await tryToLogIn(users, 'patient', 'correct horse'),
  ];
  for (const answer of answers) {
    expect(codeOf(answer)).toBe('SERVICE_UNAVAILABLE');
    expect(answer.errors?.[0]?.extensions.retryAfterSeconds).toBe(1);
    expect(JSON.stringify(answer)).not.toContain('hashed');
  }
  expect(dataOf(await ask(users, '{ users { _id } }'), 'users')).toEqual([]);
  await users.remove();
});
