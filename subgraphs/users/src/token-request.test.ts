import { expect, test } from 'vitest';
import { parseTokenRequest } from './token-request.ts';

const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`;
const grant = 'grant_type=client_credentials';
const asBasic = basic('erp:hush');

test('credentials come in the header', () => {
  expect(parseTokenRequest(`${grant}&scope=orders%3Aread+internal`, asBasic)).toEqual({
    kind: 'parsed',
    request: {
      grantType: 'client_credentials',
      credentials: { clientId: 'erp', secret: 'hush' },
      scope: 'orders:read internal',
    },
  });
});

test('or in the body', () => {
  expect(parseTokenRequest(`client_secret=hu%26sh&${grant}&client_id=erp`, undefined)).toEqual({
    kind: 'parsed',
    request: {
      grantType: 'client_credentials',
      credentials: { clientId: 'erp', secret: 'hu&sh' },
      scope: null,
    },
  });
});

test('both parts of the header are form-urlencoded: only so may a part hold a colon', () => {
  expect(parseTokenRequest(grant, basic('my%3Aerp:a+b%25%C3%A9:c'))).toMatchObject({
    request: { credentials: { clientId: 'my:erp', secret: 'a b%é:c' } },
  });
});

test('empty parameters are as if they were left out, and unknown ones are ignored', () => {
  expect(parseTokenRequest(`${grant}&scope=&client_secret=&audience=graph`, asBasic)).toMatchObject({
    kind: 'parsed',
    request: { scope: null },
  });
  expect(parseTokenRequest('grant_type=', asBasic)).toMatchObject({ error: 'invalid_request' });
});

test.each([
  ['nothing', '', asBasic],
  ['no grant_type', 'scope=internal', asBasic],
  ['a parameter twice', `${grant}&${grant}`, asBasic],
  ['a parameter twice, once empty', `${grant}&scope=&scope=internal`, asBasic],
  ['an unknown parameter twice', `${grant}&x=1&x=2`, asBasic],
  ['two ways at once', `${grant}&client_id=erp&client_secret=hush`, asBasic],
  ['two ways at once, with the secret alone', `${grant}&client_secret=hush`, asBasic],
  ['another client_id than that of the header', `${grant}&client_id=crm`, asBasic],
])('invalid_request: %s', (_, body, authorization) => {
  expect(parseTokenRequest(body, authorization)).toMatchObject({ kind: 'refused', error: 'invalid_request' });
});

test.each([
  ['no credentials', grant, undefined],
  ['no secret', `${grant}&client_id=erp`, undefined],
  ['no client_id', `${grant}&client_secret=hush`, undefined],
  ['a bearer token', grant, 'Bearer hush'],
  ['a Basic that is no base64', grant, 'Basic erp:hush'],
  ['a Basic without a colon', grant, basic('erp')],
  ['an empty client_id', grant, basic(':hush')],
  ['an empty secret', grant, basic('erp:')],
  ['a broken escape', grant, basic('erp:100%')],
])('invalid_client: %s', (_, body, authorization) => {
  expect(parseTokenRequest(body, authorization)).toMatchObject({ kind: 'refused', error: 'invalid_client' });
});
