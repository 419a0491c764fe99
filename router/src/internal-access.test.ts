import { createAuthenticate } from '@shop/shared/identity/authenticate';
import { beforeAll, beforeEach, expect, test } from 'vitest';
import { createTokenIssuer, type TokenIssuer } from '../../subgraphs/shared/test/token-issuer.ts';
import { authenticateByRelay } from './authenticate-by-relay.ts';
import { createRefuseInternal } from './internal-access.ts';
import type { SubgraphAnswer } from './subgraph-client.ts';

const apiSecret = 'the secret of the admin';

let issuer: TokenIssuer;
let relay: () => Promise<SubgraphAnswer>;
let asked = 0;

beforeAll(async () => {
  issuer = await createTokenIssuer();
});
beforeEach(() => {
  asked = 0;
  relay = async () => {
    asked += 1;
    return {
      kind: 'answered',
      status: 200,
      headers: {},
      body: JSON.stringify(issuer.published),
      isLast: false,
    };
  };
});

function createRefuse() {
  return createRefuseInternal(authenticateByRelay({ apiSecret, users: () => ({ relay: () => relay() }) }));
}

async function codeFor(headers: Record<string, string>, refuse = createRefuse()) {
  const refused = await refuse({ headers });
  if (refused === null) return 'let in';
  const body = refused.body.kind === 'complete' ? JSON.parse(refused.body.string) : null;
  return [refused.status, body.errors[0].extensions.code];
}

const bearer = async (token: Promise<string>) => ({ authorization: `Bearer ${await token}` });
const ofClient = (scope: string) => issuer.sign({ sub: 'erp', client_id: 'erp', scope });

test('the admin’s key and the scope internal open it', async () => {
  expect(await codeFor({ 'x-api-key': apiSecret })).toBe('let in');
  expect(await codeFor(await bearer(ofClient('orders:read internal')))).toBe('let in');
});

test('nobody else is let in, whatever they send', async () => {
  expect(await codeFor({})).toEqual([401, 'UNAUTHENTICATED']);
  expect(await codeFor({ 'x-api-key': 'another' })).toEqual([403, 'FORBIDDEN']);
  expect(await codeFor(await bearer(ofClient('orders:read internals')))).toEqual([403, 'FORBIDDEN']);
  const ofUser = issuer.sign({ sub: 'ann', userId: 'ann', scope: 'internal' });
  expect(await codeFor(await bearer(ofUser))).toEqual([403, 'FORBIDDEN']);
  const ofOthers = issuer.sign({ sub: 'erp', client_id: 'erp', scope: 'internal' }, 'urn:others');
  expect(await codeFor(await bearer(ofOthers))).toEqual([401, 'UNAUTHENTICATED']);
  expect(await codeFor({ authorization: 'Bearer nonsense' })).toEqual([401, 'UNAUTHENTICATED']);
});

test('keys are asked for once, and used on while Users is away', async () => {
  const refuse = createRefuse();
  const headers = await bearer(ofClient('internal'));
  expect(await codeFor(headers, refuse)).toBe('let in');
  relay = async () => ({ kind: 'timeout' });
  expect(await codeFor(await bearer(ofClient('internal')), refuse)).toBe('let in');
  expect(asked).toBe(1);
});

test('without any key a token is 503, and the admin needs none', async () => {
  relay = async () => ({ kind: 'unreachable', cause: new Error('away') });
  const headers = await bearer(ofClient('internal'));
  expect(await codeFor(headers)).toEqual([503, 'SERVICE_UNAVAILABLE']);
  expect(await codeFor({ ...headers, 'x-api-key': apiSecret })).toBe('let in');
});

test('for the admin no token is looked at', async () => {
  const verifyToken = () => Promise.reject(new Error('a token was looked at'));
  const refuse = createRefuseInternal(createAuthenticate({ apiSecret, verifyToken }));
  expect(await codeFor({ authorization: 'Bearer x', 'x-api-key': apiSecret }, refuse)).toBe('let in');
});
