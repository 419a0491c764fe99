import type { IncomingMessage } from 'node:http';
import { isIPv4, isIPv6 } from 'node:net';

/** In which the router tells a subgraph where a client's request came from; what a client sends of it goes no further. */
export const clientAddressHeader = 'x-client-address';

/** Where the client of a request is, as the router says; without a router in between, where the connection comes from. */
export function clientAddressOf({ headers, socket }: Pick<IncomingMessage, 'headers' | 'socket'>): string {
  const told = headers[clientAddressHeader];
  if (typeof told === 'string' && (isIPv4(told) || isIPv6(told))) return told;
  return socket.remoteAddress ?? '';
}

/**
 * What limits count as one client: an IPv4 address, or the first 64 bits of an IPv6 one, since that many are what a
 * subscriber is given (RFC 6177) and can change at will.
 */
export function networkOf(address: string): string {
  const plain = address.replace(/%.*$/, '');
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(plain)?.[1];
  if (mapped !== undefined) return mapped;
  return isIPv6(plain) ? `${groupsOf(plain).slice(0, 4).join(':')}::/64` : plain;
}

/** The eight groups of an IPv6 address, without leading zeros. */
function groupsOf(address: string): string[] {
  // The URL parser writes an address in its one canonical form (RFC 5952), dotted tails included.
  const canonical = new URL(`http://[${address}]`).hostname.slice(1, -1);
  const [before = '', after] = canonical.split('::');
  const head = before.split(':').filter(Boolean);
  const tail = (after ?? '').split(':').filter(Boolean);
  const zeros = Array.from({ length: 8 - head.length - tail.length }, () => '0');
  return [...head, ...zeros, ...tail];
}
