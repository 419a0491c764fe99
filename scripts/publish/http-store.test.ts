import { UnavailableError } from '@shop/shared/unavailable';
import { afterEach, describe, expect, test } from 'vitest';
import { openHttpStore } from './http-store.ts';
import {
  type Fault,
  type ObjectServer,
  type ObjectServerOptions,
  startObjectServer,
} from './test/object-server.ts';

const servers: ObjectServer[] = [];
afterEach(() => Promise.all(servers.splice(0).map((server) => server.close())));

async function startStore(options: ObjectServerOptions = {}, token?: string) {
  const server = await startObjectServer(options);
  servers.push(server);
  const store = openHttpStore(server.url, { token, timeoutMs: 500, tries: 3, pauseMs: 1 });
  return { server, store };
}

/** A store with one text, whose conditions are proven: the next PUT is the test's. */
async function startWritten() {
  const { server, store } = await startStore();
  await store.write('graph', 'one', null);
  const version = (await store.read('graph'))!.version;
  server.requests.length = 0;
  return { server, store, version };
}

const afterwards: Fault[] = ['fail-after', 'lose-after', 'hang-after'];
const before: Fault[] = ['fail-before', 'lose-before', 'hang-before', { status: 429 }];

describe('a read', () => {
  test.each(before)('is repeated after %j', async (fault) => {
    const { server, store } = await startWritten();
    server.befall('GET', fault, fault);
    expect((await store.read('graph'))?.text).toBe('one');
    expect(server.requests).toHaveLength(3);
  });

  test('gives up after so many tries', async () => {
    const { server, store } = await startWritten();
    server.befall('GET', 'fail-before', 'lose-before', 'hang-before');
    await expect(store.read('graph')).rejects.toThrow(UnavailableError);
    expect(server.requests).toHaveLength(3);
  });

  test.each([403, 301, 418])('does not repeat what was answered with %i', async (status) => {
    const { server, store } = await startWritten();
    server.befall('GET', { status });
    await expect(store.read('graph')).rejects.toThrow(`was answered with ${status}`);
    expect(server.requests).toHaveLength(1);
  });

  test.each([
    ['no ETag', () => undefined],
    ['a weak ETag', () => 'W/"1"'],
  ])('needs a strong ETag: %s', async (found, etagOf) => {
    const { server, store } = await startStore({ etagOf });
    server.objects.set('bucket/shop/graph', 'one');
    await expect(store.read('graph')).rejects.toThrow(found);
  });
});

describe('a write', () => {
  test.each(afterwards)('that was done before %j is known to be done, and not done twice', async (fault) => {
    const { server, store, version } = await startWritten();
    server.befall('PUT', fault);
    expect(await store.write('graph', 'two', version)).toBe('written');
    expect(server.requests).toEqual(['PUT bucket/shop/graph', 'GET bucket/shop/graph']);
  });

  test.each([...before, { status: 409 }])('that was not done before %j is repeated', async (fault) => {
    const { server, store, version } = await startWritten();
    server.befall('PUT', fault, fault);
    expect(await store.write('graph', 'two', version)).toBe('written');
    expect(server.objects.get('bucket/shop/graph')).toBe('two');
  });

  test.each([...before, { status: 409 }])('after %j loses to a text that came meanwhile', async (fault) => {
    const { server, store, version } = await startWritten();
    server.befall('PUT', fault);
    server.objects.set('bucket/shop/graph', 'theirs');
    expect(await store.write('graph', 'two', version)).toBe('conflict');
    expect(server.objects.get('bucket/shop/graph')).toBe('theirs');
  });

  test('that arrives twice, its first answer lost, has been done', async () => {
    const { server, store, version } = await startWritten();
    // The first was done; that the reading back fails once more changes nothing.
    server.befall('PUT', 'lose-after');
    server.befall('GET', 'fail-before');
    expect(await store.write('graph', 'two', version)).toBe('written');
  });

  test('gives up after so many tries, and says that of what', async () => {
    const { server, store, version } = await startWritten();
    server.befall('PUT', 'fail-before', 'lose-before', 'hang-before');
    await expect(store.write('graph', 'two', version)).rejects.toThrow(/^PUT .*\/shop\/graph: .*\(3 tries\)/);
    expect(server.objects.get('bucket/shop/graph')).toBe('one');
  });

  test('to a bucket that is not there is refused, not lost to anybody', async () => {
    const { server, store } = await startStore();
    server.befall('PUT', { status: 404 });
    await expect(store.write('graph', 'one', null)).rejects.toThrow('was answered with 404');
  });
});

test.each(['if-match', 'if-none-match'] as const)(
  'a server that ignores %s is refused before anything is written',
  async (header) => {
    const { server, store } = await startStore({ ignores: [header] });
    await expect(store.write('graph', 'one', null)).rejects.toThrow(new RegExp(`ignores ${header}`, 'i'));
    expect([...server.objects.keys()]).toEqual(['bucket/shop/conditional-writes']);
  },
);

describe('the token', () => {
  test('opens a store, and is never in a message', async () => {
    const { store } = await startStore({ token: 'opensesame' }, 'opensesame');
    expect(await store.write('graph', 'one', null)).toBe('written');
    const { store: closed } = await startStore({ token: 'another' }, 'opensesame');
    await expect(closed.read('graph')).rejects.toThrow('SUPERGRAPH_STORE_TOKEN');
    await expect(closed.read('graph')).rejects.not.toThrow('opensesame');
  });

  test.each(['open\nsesame', 'open sesame', 'sésame', ''])(
    '%j is refused without repeating it',
    async (token) => {
      await expect(startStore({}, token)).rejects.toThrow('token');
      await expect(startStore({}, token)).rejects.not.toThrow(/s.same/);
    },
  );
});
