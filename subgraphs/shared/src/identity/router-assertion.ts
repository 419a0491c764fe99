import { createHash } from 'node:crypto';
import { errors, type JWTVerifyOptions, jwtVerify, SignJWT } from 'jose';
import { LRUCache } from 'lru-cache';
import type { RouterSigningKey, RouterVerifyingKeys } from './router-keys.ts';

/** What the router and the subgraphs agree on: with every request the router shows that it is the router. */
export const routerAssertions = {
  header: 'x-router-assertion',
  issuer: 'urn:shop:router',
  audience: 'urn:shop:subgraphs',
  type: 'router+jwt',
  lifetimeSeconds: 60,
  /** How far the clocks of the router and a subgraph may be apart. */
  skewSeconds: 10,
} as const;

/** One assertion goes with all requests of so long, so that signing costs next to nothing per request. */
const reuseMs = 10_000;

/** Much longer than any that the router makes. */
const maxLength = 4_096;

/** A router makes six a minute; others than valid ones are not kept. */
const maxKept = 1_000;

/** The assertion to send with a request now. */
export type AssertRouter = () => Promise<string>;

/** Whether a request comes from the router, by what it carries as an assertion. Never rejects for what it carries. */
export type VerifyRouter = (assertion: string | undefined) => Promise<boolean>;

/** Signs an assertion that is good for a minute, and a new one after some seconds. */
export function createRouterAssertion(
  signing: RouterSigningKey,
  clock: () => number = Date.now,
): AssertRouter {
  let current: { assertion: Promise<string>; untilMs: number } | undefined;
  return () => {
    const nowMs = clock();
    // A clock that was set back must not keep an assertion of the future.
    if (current && nowMs < current.untilMs && nowMs >= current.untilMs - reuseMs) return current.assertion;
    const made = { assertion: sign(signing, nowMs), untilMs: nowMs + reuseMs };
    current = made;
    made.assertion.catch(() => {
      if (current === made) current = undefined;
    });
    return made.assertion;
  };
}

function sign({ algorithm, key }: RouterSigningKey, nowMs: number): Promise<string> {
  const { issuer, audience, type, lifetimeSeconds } = routerAssertions;
  const nowSeconds = Math.floor(nowMs / 1000);
  return new SignJWT({})
    .setProtectedHeader({ alg: algorithm, typ: type })
    .setIssuer(issuer)
    .setAudience(audience)
    .setIssuedAt(nowSeconds)
    .setExpirationTime(nowSeconds + lifetimeSeconds)
    .sign(key);
}

/**
 * Checks signature, algorithm, type, issuer, audience and age. The kind of keys decides on the one algorithm. An assertion
 * may come with any number of requests while it lives; one that passed is remembered until it expires, by its hash, so
 * that a further request costs no signature check.
 */
export function createRouterVerifier(
  { algorithm, keys }: RouterVerifyingKeys,
  clock: () => number = Date.now,
): VerifyRouter {
  const { issuer, audience, type: typ, lifetimeSeconds, skewSeconds } = routerAssertions;
  const expected = {
    algorithms: [algorithm],
    issuer,
    audience,
    typ,
    requiredClaims: ['exp', 'iat'],
    // Whatever `exp` says: nobody is to make one for a year.
    maxTokenAge: lifetimeSeconds,
    clockTolerance: skewSeconds,
  };
  const passed = new LRUCache<string, { fromMs: number; untilMs: number }>({ max: maxKept });
  return async (assertion) => {
    if (assertion === undefined || assertion.length > maxLength) return false;
    const nowMs = clock();
    const id = createHash('sha256').update(assertion).digest('base64');
    const known = passed.get(id);
    if (known) return nowMs >= known.fromMs && nowMs < known.untilMs;
    for (const key of keys) {
      const times = await timesOf(assertion, key, { ...expected, currentDate: new Date(nowMs) });
      if (!times) continue;
      const lastSeconds = Math.min(times.exp, times.iat + lifetimeSeconds);
      passed.set(id, {
        fromMs: (times.iat - skewSeconds) * 1000,
        untilMs: (lastSeconds + skewSeconds) * 1000,
      });
      return true;
    }
    return false;
  };
}

/** In seconds; null when it is not valid. */
async function timesOf(
  assertion: string,
  key: RouterVerifyingKeys['keys'][number],
  expected: JWTVerifyOptions,
): Promise<{ iat: number; exp: number } | null> {
  try {
    const { payload } = await jwtVerify(assertion, key, expected);
    return { iat: payload.iat ?? 0, exp: payload.exp ?? 0 };
  } catch (error) {
    if (error instanceof errors.JOSEError) return null;
    throw error;
  }
}
