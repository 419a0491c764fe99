import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, describe, expect, test } from 'vitest';
import { openStore } from './open-store.ts';
import { startObjectServer } from './test/object-server.ts';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'supergraph-store-'));
  closers.push(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, 'not there yet');
}

/** Each gives the address of an empty store. */
const stores = {
  'a path': async () => makeFolder(),
  'a file: URL': async () => pathToFileURL(makeFolder()).href,
  'an http: URL': async () => {
    const server = await startObjectServer();
    closers.push(() => server.close());
    return server.url;
  },
};

describe.each(Object.entries(stores))('a store at %s', (_, makeStore) => {
  test('has nothing under a key until it is written', async () => {
    const store = openStore(await makeStore());
    expect(await store.read('history/1.json')).toBe(null);
    expect(await store.write('history/1.json', 'naïve ✓\n', null)).toBe('written');
    expect(await store.read('history/1.json')).toEqual({ text: 'naïve ✓\n', version: expect.any(String) });
    expect(await store.read('history/2.json')).toBe(null);
  });

  test('replaces the version that is expected, and no other', async () => {
    const store = openStore(await makeStore());
    expect(await store.write('graph', 'one', 'version of nothing')).toBe('conflict');
    expect(await store.write('graph', 'one', null)).toBe('written');
    expect(await store.write('graph', 'two', null)).toBe('conflict');
    const one = await store.read('graph');
    expect(await store.write('graph', 'two', one!.version)).toBe('written');
    expect(await store.write('graph', 'three', one!.version)).toBe('conflict');
    expect((await store.read('graph'))?.text).toBe('two');
  });

  test('opened again, it is the same store', async () => {
    const address = await makeStore();
    await openStore(address).write('graph', 'one', null);
    const again = openStore(address);
    expect(await again.write('graph', 'two', (await again.read('graph'))!.version)).toBe('written');
    expect((await openStore(address).read('graph'))?.text).toBe('two');
  });

  test('lets one of many writers win, every time', async () => {
    const address = await makeStore();
    const writers = Array.from({ length: 8 }, () => openStore(address));
    let version: string | null = null;
    for (let round = 0; round < 20; round += 1) {
      const texts = writers.map((_, writer) => `round ${round}, writer ${writer}`);
      const outcomes = await Promise.all(writers.map((store, i) => store.write('graph', texts[i]!, version)));
      expect(outcomes.filter((outcome) => outcome === 'written')).toHaveLength(1);
      const stored = await writers[0]!.read('graph');
      expect(stored?.text).toBe(texts[outcomes.indexOf('written')]);
      version = stored!.version;
    }
  });
});

test.each([
  ['ftp://example.com/', /ftp is neither/],
  ['', /empty/],
  ['https://', /no URL/],
  ['https://ada:secret@example.com/', /takes no user, password/],
  ['https://example.com/?sig=secret', /takes no .*query/],
])('%j is no address of a store', (address, problem) => {
  expect(() => openStore(address)).toThrow(problem);
  expect(() => openStore(address)).not.toThrow(/secret/);
});
