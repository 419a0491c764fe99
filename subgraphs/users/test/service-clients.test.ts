import { decodeJwt, decodeProtectedHeader } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ask, badFieldsOf, type Caller, codeOf, dataOf } from '../../shared/test/ask.ts';
import { type SubgraphUnderTest, stores } from '../../shared/test/open-over-store.ts';
import {
  askAs,
  askForToken,
  basicOf,
  type ClientWithSecret,
  createClient,
  grant,
  tryToCreateClient,
  tryToList,
  tryToRevoke,
  tryToRotate,
} from './tokens-for-clients.ts';
import { openUsers, register, tryToUpdateProfile } from './users-under-test.ts';

const every = ['products:read', 'products:write', 'orders:read', 'orders:write', 'users:read', 'internal'];

describe.each(stores)('service clients, $name', (store) => {
  let users: SubgraphUnderTest;
  beforeAll(async () => {
    users = await openUsers(store);
  });
  afterAll(() => users.remove());

  const idsOf = async (args: string) => {
    const list = dataOf(await tryToList(users, args), 'serviceClients') as ClientWithSecret['client'][];
    return list.map(({ _id }) => _id);
  };
  const tokenOf = async (client: ClientWithSecret) => (await askAs(users, client)).body.access_token ?? '';

  test('are the admin’s: a client with every scope makes, lists, rotates and revokes none', async () => {
    const client = await createClient(users, every);
    const ann = await register(users, `ann-${client.client._id.slice(-8)}`);
    const callers: [Caller, string][] = [
      [{}, 'UNAUTHENTICATED'],
      [{ apiKey: 'wrong' }, 'FORBIDDEN'],
      [{ user: ann.access_token }, 'FORBIDDEN'],
      [{ user: await tokenOf(client) }, 'FORBIDDEN'],
    ];
    for (const [caller, code] of callers) {
      const answers = [
        await tryToCreateClient(users, { name: 'mine', scopes: ['internal'] }, caller),
        await tryToList(users, '', caller),
        await tryToRotate(users, client.client._id, caller),
        await tryToRevoke(users, client.client._id, caller),
      ];
      expect(answers.map(codeOf)).toEqual([code, code, code, code]);
      expect(JSON.stringify(answers.map(({ data }) => data))).not.toContain('_id');
    }
    expect((await askAs(users, client)).status).toBe(200);
  });

  test('a secret has 256 bits, is shown once, and is stored as a hash', async () => {
    const { client, secret } = await createClient(users, ['orders:read'], ' the ERP ');
    expect(client).toEqual({
      _id: expect.any(String),
      name: 'the ERP',
      scopes: ['orders:read'],
      createdAt: expect.any(String),
      revokedAt: null,
    });
    expect(Buffer.from(secret, 'base64url')).toHaveLength(32);
    const stored = await users.documents
      .collection<{ _id: string; secretHash: string }>('service_clients')
      .findOne({ _id: client._id });
    expect(stored?.secretHash).toMatch(/^[\w-]{43}$/);
    expect(JSON.stringify(stored)).not.toContain(secret);
    const listed = JSON.stringify(await tryToList(users, '(first: 250)'));
    expect(listed).toContain(client._id);
    expect(listed).not.toContain(secret);
    expect(listed).not.toContain(stored?.secretHash);
    const fields = await ask(users, '{ __type(name: "ServiceClient") { fields { name } } }');
    expect(JSON.stringify(fields)).not.toMatch(/hash|secret/i);
  });

  test('are listed in pages, in the order of ids, and the list ends', async () => {
    for (let n = 0; n < 3; n += 1) await createClient(users, ['internal'], `paged ${n}`);
    const all = await idsOf('(first: 250)');
    expect(all).toEqual(all.toSorted());
    expect(await idsOf(`(first: 2, after: "${all.at(-4)}")`)).toEqual(all.slice(-3, -1));
    expect(await idsOf(`(first: 2, after: "${all.at(-2)}")`)).toEqual(all.slice(-1));
    expect(codeOf(await tryToList(users, '(first: 251)'))).toBe('BAD_USER_INPUT');
    expect(codeOf(await tryToList(users, '(after: "?")'))).toBe('BAD_USER_INPUT');
  });

  test.each([
    [{ name: ' ', scopes: ['internal'] }, ['input.name']],
    [{ name: 'x'.repeat(101), scopes: ['internal'] }, ['input.name']],
    [{ name: 'erp', scopes: [] }, ['input.scopes']],
    [{ name: 'erp', scopes: ['internal', 'internal'] }, ['input.scopes']],
    [{ name: 'erp', scopes: ['admin'] }, ['input.scopes.0']],
    [{ name: 'erp', scopes: ['internal', 'orders:read internal'] }, ['input.scopes.1']],
  ])('%j is BAD_USER_INPUT', async (input, fields) => {
    const answer = await tryToCreateClient(users, input);
    expect([codeOf(answer), badFieldsOf(answer)]).toEqual(['BAD_USER_INPUT', fields]);
  });

  test('after a rotation two secrets are good, after the next the first no more', async () => {
    const first = await createClient(users, ['internal']);
    const rotate = async () => {
      const answer = await tryToRotate(users, first.client._id);
      return dataOf(answer, 'rotateServiceClientSecret') as ClientWithSecret;
    };
    const second = await rotate();
    expect(second.client).toEqual(first.client);
    const statusesOf = (...each: ClientWithSecret[]) =>
      Promise.all(each.map(async (one) => (await askAs(users, one)).status));
    expect(await statusesOf(first, second)).toEqual([200, 200]);
    const third = await rotate();
    expect(await statusesOf(first, second, third)).toEqual([401, 200, 200]);
    expect(codeOf(await tryToRotate(users, 'nobody'))).toBe('NOT_FOUND');
  });

  test('a revoked one is given no token, no other secret, and stays on the list', async () => {
    const revoked = await createClient(users, ['internal']);
    const { _id } = revoked.client;
    const once = dataOf(await tryToRevoke(users, _id), 'revokeServiceClient');
    expect(once).toMatchObject({ _id, revokedAt: expect.any(String) });
    expect(dataOf(await tryToRevoke(users, _id), 'revokeServiceClient')).toEqual(once);
    const { status, body } = await askAs(users, revoked);
    expect([status, body.error, body.access_token]).toEqual([401, 'invalid_client', undefined]);
    expect(codeOf(await tryToRotate(users, _id))).toBe('NOT_FOUND');
    expect(await idsOf('(first: 250)')).toContain(_id);
    expect(codeOf(await tryToRevoke(users, 'nobody'))).toBe('NOT_FOUND');
  });

  test('a token names the client and its scopes, no user, and lives 15 minutes', async () => {
    const client = await createClient(users, ['orders:read', 'internal']);
    const { _id } = client.client;
    const { status, headers, body } = await askAs(users, client);
    expect(status).toBe(200);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('pragma')).toBe('no-cache');
    expect(headers.get('content-type')).toBe('application/json');
    const token = body.access_token ?? '';
    expect(body).toEqual({
      access_token: token,
      token_type: 'Bearer',
      expires_in: 900,
      scope: 'orders:read internal',
    });
    expect(decodeProtectedHeader(token)).toEqual({ alg: 'EdDSA', typ: 'at+jwt', kid: expect.any(String) });
    const claims = decodeJwt(token);
    expect(claims).toEqual({
      iss: 'urn:shop:users',
      aud: 'urn:shop:graph',
      sub: _id,
      client_id: _id,
      scope: 'orders:read internal',
      jti: expect.any(String),
      iat: expect.any(Number),
      exp: (claims.iat ?? 0) + 900,
    });
    expect(decodeJwt(await tokenOf(client)).jti).not.toBe(claims.jti);
    expect(await ask(users, '{ me { _id } }', {}, { user: token })).toEqual({ data: { me: null } });
  });

  test('a client asks for fewer scopes, and for no other', async () => {
    const client = await createClient(users, ['orders:read', 'internal']);
    const scopeFor = async (scope: string) => {
      const { status, body } = await askAs(users, client, { scope });
      return status === 200 ? body.scope : [status, body.error];
    };
    expect(await scopeFor('internal')).toBe('internal');
    expect(await scopeFor('internal orders:read')).toBe('internal orders:read');
    expect(await scopeFor('internal internal')).toBe('internal');
    for (const scope of [
      'orders:write',
      'internal users:read',
      'admin',
      'internal  orders:read',
      ' ',
      'Internal',
    ]) {
      expect(await scopeFor(scope)).toEqual([400, 'invalid_scope']);
    }
  });

  test('emails are for the scope users:read', async () => {
    const reader = await createClient(users, ['users:read']);
    const others = await createClient(
      users,
      every.filter((scope) => scope !== 'users:read'),
    );
    const ann = await register(users, `mail-${reader.client._id.slice(-8)}`);
    await tryToUpdateProfile(users, { email: 'ann@example.org' }, { user: ann.access_token });
    const emailFor = async (client: ClientWithSecret) => {
      const query = 'query ($id: ID!) { user(id: $id) { email } }';
      return dataOf(await ask(users, query, { id: ann.user._id }, { user: await tokenOf(client) }), 'user');
    };
    expect(await emailFor(reader)).toEqual({ email: 'ann@example.org' });
    expect(await emailFor(others)).toEqual({ email: null });
    const change = await tryToUpdateProfile(users, { email: null }, { user: await tokenOf(reader) });
    expect(codeOf(change)).toBe('FORBIDDEN');
  });

  test('wrong secrets are limited by client and address; nobody locks out another client', async () => {
    const limited = await openUsers(store, {
      attemptLimits: { failuresPerAccount: 3, failuresPerAddress: 100, registrationsPerAddress: 100 },
    });
    const client = await createClient(limited, ['internal']);
    const another = await createClient(limited, ['internal']);
    const wrong = { ...client, secret: another.secret };
    for (let n = 0; n < 3; n += 1) expect((await askAs(limited, wrong)).status).toBe(401);
    const { status, headers, body } = await askAs(limited, client);
    expect([status, body.error]).toEqual([429, 'temporarily_unavailable']);
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await askAs(limited, another)).status).toBe(200);
    await limited.remove();
  });

  test('refuses as RFC 6749, section 5.2, has it', async () => {
    const client = await createClient(users, ['internal']);
    const { _id } = client.client;
    const good = { authorization: basicOf(_id, client.secret) };
    const inBody = { client_id: _id, client_secret: client.secret };
    const asked: [Parameters<typeof askForToken>[1], RequestInit, number, string][] = [
      [{}, { headers: good }, 400, 'invalid_request'],
      [
        `grant_type=client_credentials&grant_type=client_credentials`,
        { headers: good },
        400,
        'invalid_request',
      ],
      [{ ...grant, ...inBody }, { headers: good }, 400, 'invalid_request'],
      [{ ...grant, x: 'x'.repeat(16 * 1024) }, { headers: good }, 413, 'invalid_request'],
      [grant, { headers: { ...good, 'content-type': 'application/json' } }, 400, 'invalid_request'],
      [grant, { headers: { ...good, 'content-encoding': 'gzip' } }, 400, 'invalid_request'],
      [grant, { headers: good, body: new Uint8Array([0x67, 0xff]) }, 400, 'invalid_request'],
      [grant, { method: 'GET', body: null, headers: good }, 405, 'invalid_request'],
      [grant, {}, 401, 'invalid_client'],
      [grant, { headers: { authorization: basicOf(_id, 'wrong') } }, 401, 'invalid_client'],
      [grant, { headers: { authorization: basicOf('nobody', client.secret) } }, 401, 'invalid_client'],
      [{ ...grant, ...inBody, client_secret: 'wrong' }, {}, 401, 'invalid_client'],
      [{ grant_type: 'password' }, { headers: good }, 400, 'unsupported_grant_type'],
      [{ ...grant, scope: 'orders:read' }, { headers: good }, 400, 'invalid_scope'],
    ];
    for (const [form, init, status, error] of asked) {
      const answer = await askForToken(users, form, init);
      expect([answer.status, answer.body]).toEqual([
        status,
        { error, error_description: expect.any(String) },
      ]);
      expect(answer.body.error_description).toMatch(/^[\x20\x21\x23-\x5b\x5d-\x7e]+$/);
      expect(answer.headers.get('cache-control')).toBe('no-store');
      expect(answer.headers.get('pragma')).toBe('no-cache');
      const challenge = answer.headers.get('www-authenticate');
      expect(challenge).toEqual(status === 401 ? expect.stringMatching(/^Basic realm=/) : null);
      expect(answer.headers.get('allow')).toBe(status === 405 ? 'POST' : null);
    }
    expect((await askForToken(users, grant, { headers: good })).status).toBe(200);
  });
});
