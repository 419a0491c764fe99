import { GraphQLError } from 'graphql';
import {
  type CryptoKey,
  createLocalJWKSet,
  exportJWK,
  generateKeyPair,
  type JWTHeaderParameters,
  type JWTPayload,
  type JWTVerifyGetKey,
  SignJWT,
  UnsecuredJWT,
} from 'jose';
import { beforeAll, describe, expect, test } from 'vitest';
import { accessTokens } from './access-token.ts';
import { createTokenVerifier, rememberedMs, type VerifyToken } from './token-verifier.ts';

const now = Date.UTC(2026, 0, 31, 12);
const nowSeconds = now / 1000;
const clock = () => now;

let privateKey: CryptoKey;
let publicJwk: Awaited<ReturnType<typeof exportJWK>>;
let keys: JWTVerifyGetKey;

beforeAll(async () => {
  const pair = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true });
  privateKey = pair.privateKey;
  publicJwk = { ...(await exportJWK(pair.publicKey)), kid: 'one', alg: 'EdDSA', use: 'sig' };
  keys = createLocalJWKSet({ keys: [publicJwk] });
});

const header: JWTHeaderParameters = { alg: accessTokens.algorithm, typ: accessTokens.type, kid: 'one' };
const claims: JWTPayload = {
  iss: accessTokens.issuer,
  aud: accessTokens.audience,
  sub: 'ann',
  userId: 'ann',
  exp: nowSeconds + 60,
  iat: nowSeconds,
  jti: 'first',
};

/** A good token, but for what is changed; a claim set to undefined is left out. */
function sign(
  changes: { claims?: Record<string, unknown>; header?: object; key?: CryptoKey | Uint8Array } = {},
) {
  const kept = Object.entries({ ...claims, ...changes.claims }).filter(([, value]) => value !== undefined);
  return new SignJWT(Object.fromEntries(kept))
    .setProtectedHeader({ ...header, ...changes.header })
    .sign(changes.key ?? privateKey);
}

async function codeOf(verify: VerifyToken, token: string): Promise<unknown> {
  try {
    await verify(token);
  } catch (error) {
    return error instanceof GraphQLError ? error.extensions.code : error;
  }
  return 'accepted';
}

test('a good token names its user and its end', async () => {
  const verify = createTokenVerifier(keys, clock);
  expect(await verify(await sign())).toEqual({ userId: 'ann', expiresAtMs: now + 60_000 });
});

const ofService = {
  userId: undefined,
  sub: 'erp',
  client_id: 'erp',
  scope: 'orders:read internal moon:walk',
};

test('the token of a service client names no user; scopes that are not known here grant nothing', async () => {
  const verify = createTokenVerifier(keys, clock);
  expect(await verify(await sign({ claims: ofService }))).toEqual({
    userId: null,
    clientId: 'erp',
    scopes: ['orders:read', 'internal'],
    expiresAtMs: now + 60_000,
  });
});

test('scopes in the token of a user grant nothing', async () => {
  const token = await sign({ claims: { client_id: 'ann', scope: 'internal' } });
  expect(await createTokenVerifier(keys, clock)(token)).toEqual({ userId: 'ann', expiresAtMs: now + 60_000 });
});

const forgeries: [string, () => Promise<string> | string][] = [
  ['an expired token', () => sign({ claims: { exp: nowSeconds - 1 } })],
  ['a token that expires now', () => sign({ claims: { exp: nowSeconds } })],
  ['no expiry', () => sign({ claims: { exp: undefined } })],
  ['another issuer', () => sign({ claims: { iss: 'urn:shop:others' } })],
  ['another audience', () => sign({ claims: { aud: 'urn:other:graph' } })],
  ['no audience', () => sign({ claims: { aud: undefined } })],
  ['another type of token', () => sign({ header: { typ: 'JWT' } })],
  ['no type', () => sign({ header: { typ: undefined } })],
  ['a token that is not valid yet', () => sign({ claims: { nbf: nowSeconds + 60 } })],
  ['another userId than sub', () => sign({ claims: { userId: 'bob' } })],
  ['another client than sub', () => sign({ claims: { ...ofService, sub: 'ann' } })],
  ['a client without a scope claim', () => sign({ claims: { ...ofService, scope: undefined } })],
  ['a client that also names a user', () => sign({ claims: { ...ofService, userId: 'ann' } })],
  ['no userId', () => sign({ claims: { userId: undefined } })],
  ['no iat', () => sign({ claims: { iat: undefined } })],
  ['no jti', () => sign({ claims: { jti: undefined } })],
  ['no issuer', () => sign({ claims: { iss: undefined } })],
  ['no sub', () => sign({ claims: { sub: undefined } })],
  ['a kid that was never published', () => sign({ header: { kid: 'two' } })],
  [
    "another's key under our kid",
    async () => sign({ key: (await generateKeyPair('EdDSA', { crv: 'Ed25519' })).privateKey }),
  ],
  [
    'HS256 with the bytes of the public key as the secret',
    () => sign({ header: { alg: 'HS256' }, key: Buffer.from(publicJwk.x ?? '', 'base64url') }),
  ],
  ['alg none', () => new UnsecuredJWT(claims).encode()],
  [
    'alg none with our kid and type',
    () => {
      const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');
      return `${encode({ ...header, alg: 'none' })}.${encode(claims)}.`;
    },
  ],
  [
    'claims changed after signing',
    async () => {
      const [head, , signature] = (await sign()).split('.');
      const changed = Buffer.from(JSON.stringify({ ...claims, sub: 'bob', userId: 'bob' }));
      return `${head}.${changed.toString('base64url')}.${signature}`;
    },
  ],
  ['no token at all', () => 'hello'],
  ['dots', () => '..'],
];

test.each(forgeries)('%s is UNAUTHENTICATED', async (_, forge) => {
  expect(await codeOf(createTokenVerifier(keys, clock), await forge())).toBe('UNAUTHENTICATED');
});

test('a token signed with a shared secret is UNAUTHENTICATED, even where the key would fit', async () => {
  const secret = Buffer.from(publicJwk.x ?? '', 'base64url');
  const verify = createTokenVerifier(async () => secret, clock);
  expect(await codeOf(verify, await sign({ header: { alg: 'HS256' }, key: secret }))).toBe('UNAUTHENTICATED');
});

describe('a token that passed', () => {
  test('is not checked again until it expires, and is refused then', async () => {
    let asked = 0;
    let time = now;
    const countingKeys: JWTVerifyGetKey = (...args) => {
      asked++;
      return keys(...args);
    };
    const verify = createTokenVerifier(countingKeys, () => time);
    const token = await sign();
    for (let n = 0; n < 3; n++) await verify(token);
    expect(asked).toBe(1);
    time = now + 59_999;
    expect((await verify(token)).userId).toBe('ann');
    time = now + 60_000;
    expect(await codeOf(verify, token)).toBe('UNAUTHENTICATED');
  });

  test('is checked again after a minute: it ends with a key that was withdrawn', async () => {
    let time = now;
    let current = keys;
    const verify = createTokenVerifier(
      (...args) => current(...args),
      () => time,
    );
    const token = await sign({ claims: { exp: nowSeconds + 3_600 } });
    expect(await codeOf(verify, token)).toBe('accepted');
    current = createLocalJWKSet({ keys: [] });
    time = now + rememberedMs - 1;
    expect(await codeOf(verify, token)).toBe('accepted');
    time = now + rememberedMs;
    expect(await codeOf(verify, token)).toBe('UNAUTHENTICATED');
  });

  test('opens no door to another one', async () => {
    const verify = createTokenVerifier(keys, clock);
    const token = await sign();
    await verify(token);
    expect(await codeOf(verify, `${token}x`)).toBe('UNAUTHENTICATED');
  });
});
