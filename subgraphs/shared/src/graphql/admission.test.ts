import { once } from 'node:events';
import { Agent, request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { gql } from 'graphql-tag';
import { afterEach, expect, test, vi } from 'vitest';
import { createRecordedLog } from '../../test/recorded-log.ts';
import { post, startSmallSubgraph } from '../../test/small-subgraph.ts';
import { createAdmission } from './admission.ts';
import type { HttpListener } from './http-listener.ts';

const started: HttpListener[] = [];
afterEach(async () => {
  for (const server of started.splice(0)) await server.close(0);
});

/** A server whose `{ hello }` runs until `finish` lets all go that have begun. */
async function startSlow(options: Parameters<typeof startSmallSubgraph>[0]) {
  let running: (() => void)[] = [];
  const hello = () => new Promise<string>((resolve) => running.push(() => resolve('late')));
  const typeDefs = gql('type Query { hello: String }');
  const server = await startSmallSubgraph({ typeDefs, resolvers: { Query: { hello } }, ...options });
  started.push(server);
  return {
    ...server,
    /** Resolves when so many run. */
    untilRunning: (count: number) => vi.waitFor(() => expect(running).toHaveLength(count)),
    finish() {
      for (const end of running) end();
      running = [];
    },
  };
}

const tooMuch = {
  errors: [
    {
      message: 'The shop has too much to do right now. Try again in a few seconds.',
      extensions: { code: 'SERVICE_UNAVAILABLE', retryAfterSeconds: 1 },
    },
  ],
};

test('past capacity requests are refused at once, the others and health are answered, and it recovers', async () => {
  const { log, text: logged } = createRecordedLog();
  const server = await startSlow({ maxRequests: 2, log });
  const admitted = [post(server.url), post(server.url)];
  await server.untilRunning(2);
  for (const accept of ['application/json', 'application/graphql-response+json']) {
    const refused = await post(server.url, undefined, { accept });
    expect(refused.status).toBe(503);
    expect(refused.headers.get('retry-after')).toBe('1');
    expect(refused.headers.get('content-type')).toContain(accept);
    expect(await refused.json()).toEqual(tooMuch);
  }
  for (const path of ['/livez', '/readyz']) expect((await fetch(server.url + path)).status).toBe(200);
  server.finish();
  for (const answer of await Promise.all(admitted)) {
    expect(await answer.json()).toEqual({ data: { hello: 'late' } });
  }
  const next = post(server.url);
  await server.untilRunning(1);
  server.finish();
  expect((await next).status).toBe(200);
  expect(logged().match(/too much to do/g)).toHaveLength(1);
});

test('who hangs up keeps the place until the work is done', async () => {
  const server = await startSlow({ maxRequests: 1 });
  const hangUp = new AbortController();
  const headers = { 'content-type': 'application/json' };
  const body = '{"query":"{ hello }"}';
  const gone = fetch(`${server.url}/graphql`, { method: 'POST', headers, body, signal: hangUp.signal });
  await server.untilRunning(1);
  hangUp.abort();
  await expect(gone).rejects.toThrow();
  expect((await post(server.url)).status).toBe(503);
  server.finish();
  await vi.waitFor(async () => {
    const next = post(server.url);
    await server.untilRunning(1);
    server.finish();
    expect((await next).status).toBe(200);
  });
});

test('an operation that does not end is answered in time, and keeps its place until it ends', async () => {
  const server = await startSlow({ maxRequests: 1, deadlineMs: 100 });
  const answer = await post(server.url);
  expect(answer.status).toBe(503);
  expect(await answer.json()).toMatchObject({
    errors: [{ message: expect.stringContaining('in time'), extensions: tooMuch.errors[0]?.extensions }],
  });
  expect(await (await post(server.url)).json()).toEqual(tooMuch);
  server.finish();
  await vi.waitFor(async () => expect(await (await post(server.url)).text()).toContain('in time'));
});

test('a long body takes the places of many', async () => {
  const server = await startSlow({ maxRequests: 17 });
  const long = JSON.stringify({ query: '{ hello }' }) + ' '.repeat(1024 * 1024 - 100);
  const admitted = [post(server.url), post(server.url, long)];
  await server.untilRunning(2);
  expect((await post(server.url)).status).toBe(503);
  server.finish();
  for (const answer of await Promise.all(admitted)) expect(answer.status).toBe(200);
});

test('a body longer than there are places is read when nothing else runs', () => {
  const admission = createAdmission({ maxPlaces: 2, log: createRecordedLog().log });
  const alone = admission.enter(16);
  expect(alone).not.toBeNull();
  expect(admission.enter(1)).toBeNull();
  alone?.leave();
  expect(admission.enter(2)).not.toBeNull();
});

/** Sends a body over one kept-alive connection and tells what came of the connection. */
async function postOver(agent: Agent, url: string, body: string) {
  const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
  const request = httpRequest(`${url}/graphql`, { method: 'POST', agent, headers });
  request.end(body);
  const [response] = await once(request, 'response');
  await text(response);
  return { status: response.statusCode, connection: response.headers.connection, request };
}

test('a refused request leaves its connection usable, unless its body is long', async () => {
  const server = await startSlow({ maxRequests: 1 });
  const admitted = post(server.url);
  await server.untilRunning(1);
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const first = await postOver(agent, server.url, '{"query":"{ hello }"}');
  const second = await postOver(agent, server.url, '{"query":"{ hello }"}');
  expect([first.status, second.status, second.request.reusedSocket]).toEqual([503, 503, true]);
  agent.destroy();
  const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
  socket.write(
    'POST /graphql HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: 999999\r\n\r\n{',
  );
  const answer = await text(socket);
  expect(answer).toContain('503 Service Unavailable');
  expect(answer).toContain('Connection: close'.toLowerCase());
  server.finish();
  expect((await admitted).status).toBe(200);
});

test('a request that does not arrive does not keep its place', async () => {
  const server = await startSlow({ maxRequests: 1 });
  const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
  socket.write(
    'POST /graphql HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: 9\r\n\r\n{',
  );
  await vi.waitFor(async () => expect((await post(server.url)).status).toBe(503));
  expect(await text(socket)).toContain('408');
  const next = post(server.url);
  await server.untilRunning(1);
  server.finish();
  expect((await next).status).toBe(200);
}, 20_000);
