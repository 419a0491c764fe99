import type { Socket } from 'node:net';
import { describe, expect, test } from 'vitest';
import { originOf, trustedProxies, trustNobody } from './trusted-proxies.ts';

const requestFrom = (remoteAddress: string, forwarded?: string) => ({
  headers: forwarded === undefined ? {} : { 'x-forwarded-for': forwarded },
  socket: { remoteAddress } as Socket,
});

test('without trusted proxies, what a client says of itself counts for nothing', () => {
  expect(originOf(requestFrom('192.0.2.7', '198.51.100.1'), trustNobody)).toBe('192.0.2.7');
  expect(originOf(requestFrom('127.0.0.1', '198.51.100.1'), trustedProxies.parse(''))).toBe('127.0.0.1');
});

describe('behind trusted proxies', () => {
  const isTrusted = trustedProxies.parse('10.0.0.0/8, 192.0.2.10,fd00::/8');
  test.each([
    ['one proxy', '10.0.0.1', '198.51.100.1', '198.51.100.1'],
    ['as IPv6 writes it', '::ffff:10.0.0.1', '198.51.100.1', '198.51.100.1'],
    ['several', 'fd00::1', '198.51.100.1, 192.0.2.10, 10.0.0.9', '198.51.100.1'],
    [
      'what the client made up comes before it',
      '10.0.0.1',
      '203.0.113.5, 10.0.0.2, 198.51.100.1',
      '198.51.100.1',
    ],
    ['a caller that is no proxy', '198.51.100.1', '203.0.113.5', '198.51.100.1'],
    ['a proxy that says nothing', '10.0.0.1', undefined, '10.0.0.1'],
    ['a proxy that says nonsense', '10.0.0.1', '203.0.113.5, unknown', '10.0.0.1'],
    ['with a port', '10.0.0.1', '198.51.100.1:5000', '198.51.100.1'],
    ['IPv6', '10.0.0.1', '2001:db8::1', '2001:db8::1'],
    ['IPv6 with a port', '10.0.0.1', '[2001:db8::1]:5000', '2001:db8::1'],
    ['a proxy itself', '10.0.0.1', '10.0.0.2', '10.0.0.2'],
  ])('%s', (_, remoteAddress, forwarded, origin) => {
    expect(originOf(requestFrom(remoteAddress, forwarded), isTrusted)).toBe(origin);
  });
});

test.each(['10.0.0.0/33', '10.0.0', 'proxy.example', '10.0.0.0/8/8', 'fd00::/129', '10.0.0.1/', '*'])(
  '%s is no network',
  (text) => {
    expect(trustedProxies.safeParse(text).success).toBe(false);
  },
);
