import { generateKeyPairSync } from 'node:crypto';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { createRecordedLog } from '../../test/recorded-log.ts';
import { apiSecret, listenSettings, readConfig } from '../process/config.ts';
import {
  directOnLoopback,
  isKnownToSubgraphs,
  knowsItsRouter,
  routerAssertionOf,
  routerTrust,
  routerVerifierOf,
  subgraphTrust,
} from './router-trust.ts';

const pair = generateKeyPairSync('ed25519');
const other = generateKeyPairSync('ed25519');
const publicKey = JSON.stringify(pair.publicKey.export({ format: 'jwk' }));
const privateKey = JSON.stringify(pair.privateKey.export({ format: 'jwk' }));
const adminKey = 'the key of the admin';
const secret = 'a secret of the tests, of 32 bytes or more';

const subgraph = z
  .object({ ...listenSettings(4001), API_SECRET: apiSecret, ...subgraphTrust })
  .refine(...knowsItsRouter)
  .refine(...directOnLoopback);
const router = z
  .object({ ...listenSettings(4000), API_SECRET: apiSecret.optional(), ...routerTrust })
  .refine(...isKnownToSubgraphs)
  .refine(...directOnLoopback);

const readSubgraph = (variables: Record<string, string>) =>
  readConfig(subgraph, { API_SECRET: adminKey, ...variables });
const readRouter = (variables: Record<string, string>) => readConfig(router, variables);

test.each([
  ['a key pair', { ROUTER_PRIVATE_KEY: privateKey }, { ROUTER_PUBLIC_KEYS: publicKey }, true],
  ['a secret', { ROUTER_SECRET: secret }, { ROUTER_SECRET: secret }, true],
  ['another secret', { ROUTER_SECRET: secret }, { ROUTER_SECRET: `${secret}!` }, false],
  ['a secret against keys', { ROUTER_SECRET: secret }, { ROUTER_PUBLIC_KEYS: publicKey }, false],
  ['the public key as a secret', { ROUTER_SECRET: publicKey }, { ROUTER_PUBLIC_KEYS: publicKey }, false],
  [
    'the key of another router',
    { ROUTER_PRIVATE_KEY: JSON.stringify(other.privateKey.export({ format: 'jwk' })) },
    { ROUTER_PUBLIC_KEYS: publicKey },
    false,
  ],
])('a router is known by its settings: %s', async (_, ofRouter, ofSubgraph, isKnown) => {
  const { log, text } = createRecordedLog();
  const assertion = await routerAssertionOf(readRouter(ofRouter))?.();
  const verify = routerVerifierOf(readSubgraph(ofSubgraph), log);
  expect(verify === 'off' ? verify : await verify(assertion)).toBe(isKnown);
  expect(text()).toBe('');
});

test.each([
  ['the same', { API_SECRET: adminKey }, true],
  ['another', { API_SECRET: `${adminKey}!` }, false],
])('with nothing else set it is known by %s API_SECRET, and the log warns', async (_, ofRouter, isKnown) => {
  const { log, text } = createRecordedLog();
  const assertion = await routerAssertionOf(readRouter(ofRouter))?.();
  const verify = routerVerifierOf(readSubgraph({}), log);
  expect(verify === 'off' ? verify : await verify(assertion)).toBe(isKnown);
  expect(text()).toMatch(/"level":40.*whoever has API_SECRET/);
  expect(text()).not.toContain(adminKey);
});

test('a router that cannot be known does not start; of several ways there can be one', () => {
  expect(() => readRouter({})).toThrow('ROUTER_PRIVATE_KEY: is required');
  expect(() => readSubgraph({ ROUTER_PUBLIC_KEYS: publicKey, ROUTER_SECRET: secret })).toThrow('not several');
  expect(() => readRouter({ ROUTER_PRIVATE_KEY: privateKey, ROUTER_SECRET: secret })).toThrow('not several');
});

test('what is wrong with a key is said once, and the key is not', () => {
  const problemOf = (read: () => unknown) => {
    try {
      return String(read());
    } catch (error) {
      return (error as Error).message;
    }
  };
  const problem = problemOf(() => readSubgraph({ ROUTER_PUBLIC_KEYS: privateKey }));
  expect(problem).toBe(
    'The configuration has 1 problem(s):\n  ROUTER_PUBLIC_KEYS: holds a private key: that is for the router alone',
  );
  expect(problemOf(() => readSubgraph({ ROUTER_SECRET: 'x'.repeat(31) }))).toContain('at least 32 bytes');
  expect(problemOf(() => readRouter({ ROUTER_PRIVATE_KEY: '{"secret-part"' }))).not.toContain('secret-part');
});

test.each(['127.0.0.1', '127.1.2.3', '::1', 'localhost'])(
  'ALLOW_DIRECT=1 opens a subgraph on %s, and the log warns',
  (HOST) => {
    const { log, text } = createRecordedLog();
    expect(routerVerifierOf(readSubgraph({ ALLOW_DIRECT: '1', HOST }), log)).toBe('off');
    expect(text()).toMatch(/"level":40.*ALLOW_DIRECT=1/);
    expect(routerAssertionOf(readRouter({ ALLOW_DIRECT: '1', HOST }))).toBeUndefined();
  },
);

test.each(['0.0.0.0', '::', '10.0.0.7', '127.evil.example', 'shop.example'])(
  'ALLOW_DIRECT=1 is refused on %s',
  (HOST) => {
    for (const read of [readSubgraph, readRouter]) {
      expect(() => read({ ALLOW_DIRECT: '1', HOST, ROUTER_SECRET: secret })).toThrow('ALLOW_DIRECT: is for');
    }
  },
);

test('ALLOW_DIRECT=0 opens nothing', () => {
  expect(routerVerifierOf(readSubgraph({ ALLOW_DIRECT: '0' }), createRecordedLog().log)).not.toBe('off');
  expect(() => readSubgraph({ ALLOW_DIRECT: 'yes' })).toThrow('ALLOW_DIRECT: must be 0 or 1');
});
