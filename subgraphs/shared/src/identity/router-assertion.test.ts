import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { decodeJwt, decodeProtectedHeader, SignJWT, UnsecuredJWT } from 'jose';
import { expect, test, vi } from 'vitest';
import { createRouterAssertion, createRouterVerifier, routerAssertions } from './router-assertion.ts';
import { type RouterVerifyingKeys, readRouterPublicKeys, routerSecretKeys } from './router-keys.ts';

const pair = generateKeyPairSync('ed25519');
const other = generateKeyPairSync('ed25519');
const secret = 'a secret of 32 bytes or a bit more';
const ofPair: RouterVerifyingKeys = { algorithm: 'EdDSA', keys: [pair.publicKey] };
const startMs = Date.parse('2026-01-01T00:00:00Z');

const { issuer, audience, type, lifetimeSeconds, skewSeconds } = routerAssertions;

/** A clock that stands until it is moved, and what the router says by it. */
function atStart() {
  const clock = { nowMs: startMs };
  const now = () => clock.nowMs;
  return { clock, now, assert: createRouterAssertion({ algorithm: 'EdDSA', key: pair.privateKey }, now) };
}

interface Forgery {
  alg?: string;
  typ?: string;
  iss?: string;
  aud?: string;
  iat?: number;
  exp?: number;
  key?: KeyObject | Uint8Array;
}

/** An assertion that is right but for what is given. */
function forge({ alg = 'EdDSA', typ = type, key = pair.privateKey, ...claims }: Forgery): Promise<string> {
  const iat = startMs / 1000;
  const payload = { iss: issuer, aud: audience, iat, exp: iat + lifetimeSeconds, ...claims };
  return new SignJWT(payload).setProtectedHeader({ alg, typ }).sign(key);
}

test('what the router signs is accepted, as often as it comes, and says nothing of a client', async () => {
  const { assert, now } = atStart();
  const verify = createRouterVerifier(ofPair, now);
  const assertion = await assert();
  expect(await Promise.all([verify(assertion), verify(assertion)])).toEqual([true, true]);
  expect(await verify(assertion)).toBe(true);
  expect(decodeProtectedHeader(assertion)).toEqual({ alg: 'EdDSA', typ: 'router+jwt' });
  expect(decodeJwt(assertion)).toEqual({
    iss: 'urn:shop:router',
    aud: 'urn:shop:subgraphs',
    iat: startMs / 1000,
    exp: startMs / 1000 + 60,
  });
});

test('a shared secret does as well', async () => {
  const { signing, verifying } = routerSecretKeys(secret);
  const assertion = await createRouterAssertion(signing)();
  expect(await createRouterVerifier(verifying)(assertion)).toBe(true);
  const another = routerSecretKeys(`${secret}!`).verifying;
  expect(await createRouterVerifier(another)(assertion)).toBe(false);
});

test('one assertion serves for some seconds, then there is another; also when the clock is set back', async () => {
  const { clock, assert } = atStart();
  const first = await assert();
  clock.nowMs += 9_999;
  expect(await assert()).toBe(first);
  clock.nowMs += 1;
  const second = await assert();
  expect(second).not.toBe(first);
  clock.nowMs -= 3_600_000;
  expect(decodeJwt(await assert()).iat).toBe(clock.nowMs / 1000);
});

test('it is accepted as long as it lives, a little longer for clocks that differ, and then no more', async () => {
  const { clock, now, assert } = atStart();
  const verify = createRouterVerifier(ofPair, now);
  const assertion = await assert();
  for (const fresh of [verify, createRouterVerifier(ofPair, now)]) {
    for (const [seconds, expected] of [
      [0, true],
      [-skewSeconds, true],
      [-skewSeconds - 1, false],
      [lifetimeSeconds + skewSeconds - 1, true],
      [lifetimeSeconds + skewSeconds + 1, false],
    ] as const) {
      clock.nowMs = startMs + seconds * 1000;
      expect(await fresh(assertion), `${seconds} s after`).toBe(expected);
    }
  }
});

test('during a rotation those of the old key and of the new one are accepted', async () => {
  const jwks = JSON.stringify({
    keys: [other, pair].map(({ publicKey }) => publicKey.export({ format: 'jwk' })),
  });
  const verify = createRouterVerifier(readRouterPublicKeys(jwks), () => startMs);
  expect(await verify(await forge({}))).toBe(true);
  expect(await verify(await forge({ key: other.privateKey }))).toBe(true);
});

const jwk = JSON.stringify(pair.publicKey.export({ format: 'jwk' }));
const pem = pair.publicKey.export({ type: 'spki', format: 'pem' });
const raw = Buffer.from(pair.publicKey.export({ format: 'jwk' }).x ?? '', 'base64url');
const startSeconds = startMs / 1000;

test.each<[string, Forgery]>([
  ['of another key', { key: other.privateKey }],
  ['by HS256 with the public key, as a JWK', { alg: 'HS256', key: Buffer.from(jwk) }],
  ['by HS256 with the public key, as PEM', { alg: 'HS256', key: Buffer.from(pem) }],
  ['by HS256 with the bytes of the public key', { alg: 'HS256', key: raw }],
  ['for another audience', { aud: 'urn:shop:graph' }],
  ['of another issuer', { iss: 'urn:shop:users' }],
  ['of another type', { typ: 'at+jwt' }],
  ['that has expired', { iat: startSeconds - 120, exp: startSeconds - 60 }],
  ['of long ago that would live for a year', { iat: startSeconds - 120, exp: startSeconds + 31_536_000 }],
  ['of the future', { iat: startSeconds + 60, exp: startSeconds + 120 }],
])('one %s is refused, also the second time', async (_, forgery) => {
  const verify = createRouterVerifier(ofPair, () => startMs);
  expect(await verify(await forge({}))).toBe(true);
  const forged = await forge(forgery);
  expect([await verify(forged), await verify(forged)]).toEqual([false, false]);
});

test('with a secret one that is signed by a key pair is refused', async () => {
  const verify = createRouterVerifier(routerSecretKeys(secret).verifying, () => startMs);
  expect(await verify(await forge({}))).toBe(false);
});

test('one that was tampered with, is not signed or is none is refused', async () => {
  const verify = createRouterVerifier(ofPair, () => startMs);
  const good = await forge({});
  expect(await verify(good)).toBe(true);
  const [header, , signature] = good.split('.');
  const payload = Buffer.from(JSON.stringify({ ...decodeJwt(good), exp: startSeconds + 61 })).toString(
    'base64url',
  );
  const unsigned = new UnsecuredJWT({ ...decodeJwt(good) }).encode();
  const tampered = [`${header}.${payload}.${signature}`, `${good}A`, good.slice(0, -4), unsigned];
  for (const bad of [...tampered, undefined, '', 'x', 'a.b.c', `${good}, ${good}`, 'x'.repeat(100_000)]) {
    expect(await verify(bad), bad?.slice(0, 300)).toBe(false);
  }
});

test('an assertion that is known costs no signature check', async () => {
  const verify = createRouterVerifier(ofPair, () => startMs);
  const good = await forge({});
  const checks = vi.spyOn(crypto.subtle, 'verify');
  await verify(good);
  expect(checks).toHaveBeenCalledTimes(1);
  for (let time = 0; time < 100; time++) expect(await verify(good)).toBe(true);
  expect(checks).toHaveBeenCalledTimes(1);
});
