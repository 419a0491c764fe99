import { expect, test } from 'vitest';
import { shopError } from '../graphql/errors.ts';
import { createAuthenticate } from './authenticate.ts';
import { anonymous as nobody } from './caller.ts';

const asked: string[] = [];
const authenticate = createAuthenticate({
  apiSecret: 'a-secret-for-tests',
  verifyToken: async (token) => {
    asked.push(token);
    if (token === 'away') throw shopError('SERVICE_UNAVAILABLE', 'Try again.');
    if (token === 'service')
      return { userId: null, clientId: 'erp', scopes: ['orders:read'], expiresAtMs: 1 };
    if (token !== 'good') throw shopError('UNAUTHENTICATED', 'The access token has expired.');
    return { userId: 'ann', expiresAtMs: Number.POSITIVE_INFINITY };
  },
});

test('no header is nobody, and no problem', async () => {
  expect(await authenticate({ authorization: undefined, apiKey: undefined })).toEqual(nobody);
});

test('the admin is who has the secret, to the letter', async () => {
  const withKey = (apiKey: string) => authenticate({ authorization: undefined, apiKey });
  expect(await withKey('a-secret-for-tests')).toEqual({ ...nobody, isAdmin: true });
  for (const wrong of ['A-secret-for-tests', 'a-secret-for-test', 'a-secret-for-tests ', '']) {
    expect(await withKey(wrong)).toEqual({ ...nobody, hasWrongApiKey: true });
  }
});

test.each(['Bearer good', 'bearer good', ' Bearer   good '])('"%s" is its user', async (authorization) => {
  expect(await authenticate({ authorization, apiKey: undefined })).toEqual({ ...nobody, userId: 'ann' });
});

test('the token of a service client is no user', async () => {
  const caller = await authenticate({ authorization: 'Bearer service', apiKey: undefined });
  expect(caller).toEqual({ ...nobody, clientId: 'erp', scopes: ['orders:read'] });
});

test.each(['', 'good', 'Bearer', 'Basic good', 'Bearer good good'])(
  '"%s" is a problem that says how the header must look, without asking the verifier',
  async (authorization) => {
    asked.length = 0;
    const caller = await authenticate({ authorization, apiKey: undefined });
    expect(caller).toMatchObject({ userId: null, tokenProblem: { extensions: { code: 'UNAUTHENTICATED' } } });
    expect(caller.tokenProblem?.message).toContain('Bearer <access_token>');
    expect(asked).toEqual([]);
  },
);

test.each([
  ['expired', 'UNAUTHENTICATED'],
  ['away', 'SERVICE_UNAVAILABLE'],
])('a token that is %s does not reject: the problem %s waits for who needs a user', async (token, code) => {
  const caller = await authenticate({ authorization: `Bearer ${token}`, apiKey: undefined });
  expect(caller).toMatchObject({ userId: null, isAdmin: false, tokenProblem: { extensions: { code } } });
});

test('both headers count, each for itself', async () => {
  const caller = await authenticate({ authorization: 'Bearer expired', apiKey: 'a-secret-for-tests' });
  expect(caller).toMatchObject({ isAdmin: true, userId: null, tokenProblem: expect.anything() });
});
