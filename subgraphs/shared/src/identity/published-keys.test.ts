import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { GraphQLError } from 'graphql';
import { type CryptoKey, exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { accessTokens } from './access-token.ts';
import { keysMaxAgeMs, publishedKeys } from './published-keys.ts';
import { createTokenVerifier, type VerifyToken } from './token-verifier.ts';

interface Pair {
  publicJwk: JWK;
  privateKey: CryptoKey;
}

/** What Users answers; null breaks the connection, `hang` keeps it open. */
let answer: { status: number; body: string } | 'broken' | 'hang';
let asked: number;
let server: Server;
let origin: string;
let one: Pair;
let two: Pair;
let verify: VerifyToken;

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  [one, two] = [await pair('one'), await pair('two')];
  asked = 0;
  publish(one);
  server = createServer((_, response) => {
    asked++;
    if (answer === 'hang') return;
    if (answer === 'broken') return void response.destroy();
    response.writeHead(answer.status, { 'content-type': 'application/json' }).end(answer.body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  verify = createTokenVerifier(publishedKeys(origin));
});

afterEach(async () => {
  vi.useRealTimers();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

async function pair(kid: string): Promise<Pair> {
  const { publicKey, privateKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519' });
  return { publicJwk: { ...(await exportJWK(publicKey)), kid, alg: 'EdDSA', use: 'sig' }, privateKey };
}

function publish(...pairs: Pair[]): void {
  answer = { status: 200, body: JSON.stringify({ keys: pairs.map(({ publicJwk }) => publicJwk) }) };
}

let count = 0;

/** Another token each time, so that none is remembered. */
function sign({ publicJwk, privateKey }: Pair, kid = publicJwk.kid ?? ''): Promise<string> {
  return new SignJWT({ userId: 'ann' })
    .setProtectedHeader({ alg: accessTokens.algorithm, typ: accessTokens.type, kid })
    .setIssuer(accessTokens.issuer)
    .setAudience(accessTokens.audience)
    .setSubject('ann')
    .setIssuedAt()
    .setExpirationTime('1h')
    .setJti(String(++count))
    .sign(privateKey);
}

async function codeOf(token: string | Promise<string>): Promise<unknown> {
  try {
    await verify(await token);
  } catch (error) {
    return error instanceof GraphQLError ? error.extensions.code : error;
  }
  return 'accepted';
}

function pass(ms: number): void {
  vi.setSystemTime(Date.now() + ms);
}

describe('published keys', () => {
  test('are fetched once for many tokens', async () => {
    for (let n = 0; n < 3; n++) expect(await codeOf(sign(one))).toBe('accepted');
    expect(asked).toBe(1);
  });

  test.each([
    ['an error', { status: 503, body: '{}' }],
    ['no JSON', { status: 200, body: '<html>' }],
    ['no key set', { status: 200, body: '{"status":"ok"}' }],
    ['nothing', 'broken' as const],
  ])('that are answered with %s say nothing about the token: SERVICE_UNAVAILABLE', async (_, given) => {
    answer = given;
    expect(await codeOf(sign(one))).toBe('SERVICE_UNAVAILABLE');
    // What can be told without a key still is.
    expect(await codeOf('hello')).toBe('UNAUTHENTICATED');
    publish(one);
    expect(await codeOf(sign(one))).toBe('accepted');
  });

  test('a new key is found at once, an invented one is not looked for more often than the cooldown allows', async () => {
    expect(await codeOf(sign(one))).toBe('accepted');
    publish(one, two);
    pass(5_000);
    expect(await codeOf(sign(two))).toBe('accepted');
    expect(asked).toBe(2);
    for (let n = 0; n < 5; n++) expect(await codeOf(sign(two, 'invented'))).toBe('UNAUTHENTICATED');
    expect(asked).toBe(2);
  });

  test('a key that is withdrawn is good until the keys have their age, and no longer', async () => {
    expect(await codeOf(sign(one))).toBe('accepted');
    publish(two);
    pass(keysMaxAgeMs - 1);
    expect(await codeOf(sign(one))).toBe('accepted');
    pass(1);
    expect(await codeOf(sign(one))).toBe('UNAUTHENTICATED');
    expect(await codeOf(sign(two))).toBe('accepted');
  });
});

describe.each([
  ['refuses', 'broken'],
  ['fails', { status: 503, body: '' }],
] as const)('while Users %s', (_, failing) => {
  test('the last good keys verify for days; an unknown key is SERVICE_UNAVAILABLE for its token alone', async () => {
    expect(await codeOf(sign(one))).toBe('accepted');
    answer = failing;
    for (const ms of [10_000, keysMaxAgeMs, 3 * 86_400_000]) {
      pass(ms);
      expect(await codeOf(sign(one))).toBe('accepted');
      expect(await codeOf(sign(two))).toBe('SERVICE_UNAVAILABLE');
      expect(await codeOf(sign(two))).toBe('SERVICE_UNAVAILABLE');
      expect(await codeOf(sign(one))).toBe('accepted');
      expect(await codeOf(sign(two, 'one'))).toBe('UNAUTHENTICATED');
    }
    // One attempt per cooldown, whatever is asked.
    expect(asked).toBe(4);
  });

  test('and answers again, what it publishes then counts: the new key, and not the withdrawn one', async () => {
    expect(await codeOf(sign(one))).toBe('accepted');
    answer = failing;
    pass(keysMaxAgeMs);
    expect(await codeOf(sign(one))).toBe('accepted');
    publish(two);
    pass(5_000);
    expect(await codeOf(sign(two))).toBe('accepted');
    expect(await codeOf(sign(one))).toBe('UNAUTHENTICATED');
  });
});

test('while Users hangs, one request waits for it and the others go on with the keys that are there', async () => {
  expect(await codeOf(sign(one))).toBe('accepted');
  answer = 'hang';
  pass(keysMaxAgeMs);
  const waiting = sign(one).then(codeOf);
  await vi.waitFor(() => expect(asked).toBe(2));
  server.closeAllConnections();
  expect(await waiting).toBe('accepted');
  pass(5_000);
  // This one begins an attempt that nobody waits for: nothing ends it here.
  expect(await codeOf(sign(one))).toBe('accepted');
  await vi.waitFor(() => expect(asked).toBe(3));
});
