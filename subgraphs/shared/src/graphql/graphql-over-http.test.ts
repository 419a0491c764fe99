import { afterAll, beforeAll, expect, test } from 'vitest';
import { post, startSmallSubgraph } from '../../test/small-subgraph.ts';
import type { HttpListener } from './http-listener.ts';
import { maxBodyBytes } from './request-size.ts';

let server: HttpListener;
beforeAll(async () => {
  server = await startSmallSubgraph();
});
afterAll(() => server.close());

/** A good operation whose body has exactly this many bytes. */
function bodyOf(bytes: number): string {
  const body = JSON.stringify({ query: '{ hello }' });
  return body + ' '.repeat(bytes - body.length);
}

test('an operation is answered', async () => {
  const response = await post(server.url);
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toContain('application/json');
  expect(await response.json()).toEqual({ data: { hello: 'world' } });
});

test('a body of 1 MiB is read', async () => {
  expect((await post(server.url, bodyOf(maxBodyBytes))).status).toBe(200);
});

test.each([
  ['a byte', maxBodyBytes + 1],
  ['much', 4 * maxBodyBytes],
])('a body that is %s longer than 1 MiB is 413', async (_, bytes) => {
  const response = await post(server.url, bodyOf(bytes));
  expect(response.status).toBe(413);
  expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'BAD_REQUEST' } }] });
});

test('a body that is not JSON is 400, as is none', async () => {
  const response = await post(server.url, '{ hello }');
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'BAD_REQUEST' } }] });
  expect((await post(server.url, '')).status).toBe(400);
});

test('an operation that does not fit the schema is 400 with its code', async () => {
  const response = await post(server.url, JSON.stringify({ query: '{ nobody }' }));
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({
    errors: [{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }],
  });
});

test('a query by GET is answered', async () => {
  const response = await fetch(`${server.url}/graphql?query=${encodeURIComponent('{ hello }')}`, {
    headers: { 'content-type': 'application/json' },
  });
  expect(await response.json()).toEqual({ data: { hello: 'world' } });
});

test.each([
  { 'content-type': 'text/plain' },
  { 'content-type': 'application/xml' },
  { 'content-type': 'multipart/form-data; boundary=x' },
  { 'content-type': 'application/json; charset=utf-16' },
  { 'content-type': 'application/json', 'content-encoding': 'gzip' },
])('a body that its headers call %o is 415', async (headers) => {
  const response = await fetch(`${server.url}/graphql`, { method: 'POST', headers, body: bodyOf(100) });
  expect(response.status).toBe(415);
  expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'BAD_REQUEST' } }] });
});

test.each(['APPLICATION/JSON;Charset="UTF-8"', 'application/graphql-response+json'])(
  'a body that is called %s is read',
  async (type) => {
    const request = { method: 'POST', headers: { 'content-type': type }, body: bodyOf(100) };
    expect((await fetch(`${server.url}/graphql`, request)).status).toBe(200);
  },
);

test('a persisted query whose hash or version is wrong is 400 and no fault of ours', async () => {
  for (const version of [1, 2]) {
    const extensions = { persistedQuery: { version, sha256Hash: 'abc' } };
    const response = await post(server.url, JSON.stringify({ query: '{ hello }', extensions }));
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'BAD_REQUEST' } }] });
  }
});

test('a form that arrives in parts is read to its end before it is refused', async () => {
  const form = new FormData();
  form.set('operations', bodyOf(100_000));
  const response = await fetch(`${server.url}/graphql`, { method: 'POST', body: form });
  expect(response.status).toBe(415);
});
