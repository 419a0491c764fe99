import { connect } from 'node:net';
import { gql } from 'graphql-tag';
import { afterEach, expect, test, vi } from 'vitest';
import { createRecordedLog } from '../../test/recorded-log.ts';
import { post, startSmallSubgraph } from '../../test/small-subgraph.ts';
import type { HttpListener } from './http-listener.ts';

const started: HttpListener[] = [];
afterEach(async () => {
  for (const server of started.splice(0)) await server.close(0);
});

async function start(...args: Parameters<typeof startSmallSubgraph>): Promise<HttpListener> {
  const server = await startSmallSubgraph(...args);
  started.push(server);
  return server;
}

/** A server whose `{ hello }` runs until `finish` is called. */
async function startSlow() {
  const running = Promise.withResolvers<void>();
  const work = Promise.withResolvers<string>();
  const hello = () => {
    running.resolve();
    return work.promise;
  };
  const server = await start({
    typeDefs: gql('type Query { hello: String }'),
    resolvers: { Query: { hello } },
  });
  return { server, isRunning: running.promise, finish: () => work.resolve('late') };
}

test('a path that is not served is 404, and says where to go', async () => {
  const { url } = await start();
  const response = await fetch(`${url}/`);
  expect(response.status).toBe(404);
  expect(await response.text()).toContain('/graphql');
});

test('lives and is ready; not ready tells why, and lives on', async () => {
  let reason: string | null = null;
  const { url } = await start({
    checkReady: async () => {
      if (reason) throw new Error(reason);
    },
  });
  expect((await fetch(`${url}/readyz`)).status).toBe(200);
  reason = 'the database does not answer';
  const response = await fetch(`${url}/readyz`);
  expect(response.status).toBe(503);
  expect(await response.json()).toEqual({ status: 'not ready', reason });
  expect((await fetch(`${url}/livez`)).status).toBe(200);
});

test('a further route is served, and its failure is 500 without the reason', async () => {
  const { url } = await start({
    routes: {
      '/extra': (_, response) => void response.end('more'),
      '/broken': () => Promise.reject(new Error('internal detail')),
    },
  });
  expect(await (await fetch(`${url}/extra?x=1`)).text()).toBe('more');
  const broken = await fetch(`${url}/broken`);
  expect(broken.status).toBe(500);
  expect(await broken.text()).not.toContain('detail');
});

test('a port that is taken is said so', async () => {
  const { url } = await start();
  const port = Number(new URL(url).port);
  await expect(start({ port })).rejects.toThrow(`Port ${port} on 127.0.0.1 is in use: set PORT`);
});

test('close lets the running request finish, and then nobody is served', async () => {
  const { server, isRunning, finish } = await startSlow();
  const answer = post(server.url);
  await isRunning;
  const closed = server.close();
  finish();
  expect(await (await answer).json()).toEqual({ data: { hello: 'late' } });
  await closed;
  await expect(post(server.url)).rejects.toThrow();
  await server.close();
});

test('close accepts nothing new while a request still runs', async () => {
  const { server, isRunning, finish } = await startSlow();
  const answer = post(server.url);
  await isRunning;
  const closed = server.close();
  await expect(fetch(`${server.url}/livez`, { headers: { connection: 'close' } })).rejects.toThrow();
  finish();
  await answer;
  await closed;
});

test('close drains first, if told to: all is answered, and ends its connection', async () => {
  const { url, close } = await start({ drainMs: 500 });
  await post(url); // Leaves a kept-alive connection.
  const closed = close();
  const ready = await fetch(`${url}/readyz`);
  expect([ready.status, ready.headers.get('connection')]).toEqual([503, 'close']);
  const answers = await Promise.all([post(url), post(url), post(url)]);
  for (const answer of answers) {
    expect(answer.headers.get('connection')).toBe('close');
    expect(await answer.json()).toEqual({ data: { hello: 'world' } });
  }
  await closed;
  await expect(post(url)).rejects.toThrow();
});

test('close cuts what still runs after the grace', async () => {
  const { server, isRunning, finish } = await startSlow();
  const answer = post(server.url).catch((error: unknown) => error);
  await isRunning;
  const closed = server.close(50);
  expect(await answer).toBeInstanceOf(Error);
  finish();
  await closed;
});

test('a client that hangs up in the middle of its request is no error of ours', async () => {
  const { log, text } = createRecordedLog();
  const { url } = await start({ log });
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.write(
    'POST /graphql HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: 99\r\n\r\n{',
  );
  await vi.waitFor(() => expect(socket.bytesWritten).toBeGreaterThan(0));
  await post(url);
  socket.destroy();
  await vi.waitFor(() => expect(text()).toContain('hung up'));
  expect(text()).not.toContain('"level":50');
});
