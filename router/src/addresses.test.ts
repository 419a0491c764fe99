import { expect, test } from 'vitest';
import { createAddresses, type Lookup } from './addresses.ts';

type Found = Awaited<ReturnType<Lookup>>;

const v4 = (...addresses: string[]) => addresses.map((address) => ({ address, family: 4 }));

/** Asks, and asks again after the look-up that this began is over. */
async function afterLookUp(urls: () => readonly string[]): Promise<readonly string[]> {
  urls();
  await new Promise(setImmediate);
  return urls();
}

test('a name with several addresses is several processes, looked up again after a second', async () => {
  let nowMs = 0;
  const hosts: string[] = [];
  const answers: Found[] = [v4('10.0.0.3', '10.0.0.2'), v4('10.0.0.3'), v4('10.0.0.3', '10.0.0.4')];
  const lookup: Lookup = async (host) => answers[hosts.push(host) - 1] ?? [];
  const urls = createAddresses('http://products:4002/graphql', { lookup, nowMs: () => nowMs });

  expect(urls(), 'nobody waits for the look-up').toEqual(['http://products:4002/graphql']);
  const both = ['http://10.0.0.2:4002/graphql', 'http://10.0.0.3:4002/graphql'];
  expect(await afterLookUp(urls)).toEqual(both);
  nowMs = 999;
  expect(await afterLookUp(urls)).toEqual(both);
  expect(hosts).toEqual(['products']);
  nowMs = 1_000;
  expect(await afterLookUp(urls)).toEqual(['http://products:4002/graphql']);
  nowMs = 2_000;
  expect(await afterLookUp(urls)).toEqual(['http://10.0.0.3:4002/graphql', 'http://10.0.0.4:4002/graphql']);
});

test('what cannot be looked up stays as it was', async () => {
  let nowMs = 0;
  let found: Found = [];
  const lookup: Lookup = async () => {
    if (found.length === 0) throw new Error('ENOTFOUND');
    return found;
  };
  const urls = createAddresses('http://products:4002/graphql', { lookup, nowMs: () => nowMs });
  expect(await afterLookUp(urls)).toEqual(['http://products:4002/graphql']);
  found = v4('10.0.0.2', '10.0.0.3');
  nowMs += 1_000;
  expect(await afterLookUp(urls)).toHaveLength(2);
  found = [];
  nowMs += 1_000;
  expect(await afterLookUp(urls)).toHaveLength(2);
});

test('one look-up runs at a time', async () => {
  let nowMs = 0;
  let calls = 0;
  const hanging: Lookup = () => {
    calls += 1;
    return new Promise(() => {});
  };
  const urls = createAddresses('http://products:4002/graphql', { lookup: hanging, nowMs: () => nowMs });
  for (; nowMs < 60_000; nowMs += 1_000) urls();
  expect(calls).toBe(1);
});

test.each([
  ['http://127.0.0.1:4002/graphql', v4('10.0.0.2', '10.0.0.3')],
  ['http://[::1]:4002/graphql', v4('10.0.0.2', '10.0.0.3')],
  ['https://products/graphql', v4('10.0.0.2', '10.0.0.3')],
  ['http://products/graphql', v4('10.0.0.2')],
  ['http://localhost/graphql', [...v4('127.0.0.1'), { address: '::1', family: 6 }]],
])('%s stands for itself', async (url, found) => {
  const urls = createAddresses(url, { lookup: async () => found, nowMs: () => 0 });
  expect(await afterLookUp(urls)).toEqual([url]);
});

test('addresses of IPv6 go into brackets', async () => {
  const found = ['fd00::2', 'fd00::3'].map((address) => ({ address, family: 6 }));
  const urls = createAddresses('http://a:1/graphql', { lookup: async () => found, nowMs: () => 0 });
  expect(await afterLookUp(urls)).toEqual(['http://[fd00::2]:1/graphql', 'http://[fd00::3]:1/graphql']);
});
