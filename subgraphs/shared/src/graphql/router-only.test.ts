import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, expect, test, vi } from 'vitest';
import { post, startSmallSubgraph } from '../../test/small-subgraph.ts';
import {
  createRouterAssertion,
  createRouterVerifier,
  routerAssertions,
} from '../identity/router-assertion.ts';
import { routerSecretKeys } from '../identity/router-keys.ts';
import type { HttpListener } from './http-listener.ts';

const { signing, verifying } = routerSecretKeys('a secret of the tests, of 32 bytes or more');
const asRouter = async () => ({ [routerAssertions.header]: await createRouterAssertion(signing)() });

const started: HttpListener[] = [];
afterEach(async () => {
  for (const server of started.splice(0)) await server.close(0);
});

async function start(options: Parameters<typeof startSmallSubgraph>[0] = {}): Promise<HttpListener> {
  const server = await startSmallSubgraph({ verifyRouter: createRouterVerifier(verifying), ...options });
  started.push(server);
  return server;
}

const refusal = {
  errors: [
    {
      message: 'A subgraph answers its router alone: ask the router.',
      extensions: { code: 'ROUTER_ONLY' },
    },
  ],
};

test('the router is answered, others are 401 whatever they ask, and may ask for health and routes', async () => {
  const routes = { '/keys': (_: unknown, response: { end(text: string): void }) => response.end('keys') };
  const guardedRoutes = {
    '/tokens': (_: unknown, response: { end(text: string): void }) => response.end('tokens'),
  };
  const { url } = await start({ routes, guardedRoutes });
  expect(await (await post(url, undefined, await asRouter())).json()).toEqual({ data: { hello: 'world' } });
  const tokens = await fetch(`${url}/tokens`, { headers: await asRouter() });
  expect(await tokens.text()).toBe('tokens');
  const queries = ['{ hello }', '{ _service { sdl } }', '{ __schema { types { name } } }', 'nonsense'];
  const answers = [
    ...queries.map((query) => post(url, JSON.stringify({ query }))),
    ...queries.map((query) => fetch(`${url}/graphql?query=${encodeURIComponent(query)}`)),
    post(url, 'no JSON', { 'content-type': 'text/plain' }),
    post(url, undefined, { [routerAssertions.header]: 'a.b.c' }),
    fetch(`${url}/tokens`),
    fetch(`${url}/graphql`, { method: 'DELETE' }),
    fetch(`${url}/graphql`, { method: 'OPTIONS' }),
  ];
  for (const answer of await Promise.all(answers)) {
    expect(answer.status).toBe(401);
    expect(await answer.json()).toEqual(refusal);
  }
  for (const path of ['/livez', '/readyz', '/keys']) expect((await fetch(url + path)).status).toBe(200);
});

test('a stranger is refused before the body is there, and before anything is done', async () => {
  const authenticate = vi.fn();
  const { url } = await start({ authenticate });
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  // It announces a body that never comes.
  socket.write(`POST /graphql HTTP/1.1\r\nhost: ${hostname}\r\ncontent-length: 900000\r\n\r\n{"query":`);
  const [answer] = await once(socket, 'data');
  expect(String(answer)).toMatch(/^HTTP\/1\.1 401 [\s\S]*connection: close/i);
  socket.destroy();
  expect(authenticate).not.toHaveBeenCalled();
});

test('strangers take no places from the router', async () => {
  const { promise, resolve } = Promise.withResolvers<string>();
  const { url } = await start({ maxRequests: 1, resolvers: { Query: { hello: () => promise } } });
  const assertion = await asRouter();
  const running = post(url, undefined, assertion);
  await vi.waitFor(async () => expect((await post(url, undefined, assertion)).status).toBe(503));
  for (let time = 0; time < 10; time++) expect((await post(url)).status).toBe(401);
  resolve('late');
  expect(await (await running).json()).toEqual({ data: { hello: 'late' } });
});
