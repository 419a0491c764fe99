import type { Socket } from 'node:net';
import { describe, expect, test } from 'vitest';
import { clientAddressOf, networkOf } from './client-address.ts';

describe('what counts as one client', () => {
  test.each([
    ['192.0.2.7', '192.0.2.7'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['::FFFF:192.0.2.7', '192.0.2.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:0DB8:0001:0002::9', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['2001:db8:0:1::', '2001:db8:0:1::/64'],
    ['::1', '0:0:0:0::/64'],
    ['64:ff9b::192.0.2.7', '64:ff9b:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['', ''],
    ['no address', 'no address'],
  ])('%s is of %s', (address, network) => {
    expect(networkOf(address)).toBe(network);
  });
});

describe('where a client is', () => {
  const of = (told: string | undefined, remoteAddress: string | undefined) =>
    clientAddressOf({
      headers: told === undefined ? {} : { 'x-client-address': told },
      socket: { remoteAddress } as Socket,
    });

  test('is what the router says, or where the connection comes from', () => {
    expect(of('192.0.2.7', '127.0.0.1')).toBe('192.0.2.7');
    expect(of('2001:db8::1', '127.0.0.1')).toBe('2001:db8::1');
    expect(of(undefined, '127.0.0.1')).toBe('127.0.0.1');
    expect(of(undefined, undefined)).toBe('');
  });

  test.each(['', 'anything', '192.0.2.7, 192.0.2.8', '192.0.2.7:80', '300.1.1.1'])(
    'is never what is no address: %j',
    (told) => {
      expect(of(told, '127.0.0.1')).toBe('127.0.0.1');
    },
  );
});
