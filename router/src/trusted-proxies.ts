import type { IncomingMessage } from 'node:http';
import { BlockList, isIP } from 'node:net';
import { z } from 'zod';

/** Whose word is taken for where a request came from; nobody's by default. */
export type IsTrustedProxy = (address: string) => boolean;

/** A longer way is not followed: a client may write into the header what it likes. */
const maxProxies = 32;

/** Addresses and networks (`10.0.0.0/8`, `fd00::/8`) separated by commas. */
export const trustedProxies = z
  .string()
  .transform((text) =>
    text
      .split(',')
      .map((part) => part.trim())
      .filter(Boolean),
  )
  .refine((entries) => entries.length <= 100 && entries.every(isAddressOrNetwork), {
    error: 'must be IP addresses and networks such as 10.0.0.0/8, separated by commas',
  })
  .transform((entries): IsTrustedProxy => {
    const trusted = new BlockList();
    for (const entry of entries) {
      const [address = '', prefix] = entry.split('/');
      const family = familyOf(address);
      if (prefix === undefined) trusted.addAddress(address, family);
      else trusted.addSubnet(address, Number(prefix), family);
    }
    // An IPv4 network holds the same addresses as IPv6 writes them, which is how a socket may tell of them.
    return (address) => isIP(address) !== 0 && trusted.check(address, familyOf(address));
  });

export const trustNobody: IsTrustedProxy = () => false;

/**
 * Where the client of a request is: where the connection comes from, or, as long as that is a trusted proxy, what it
 * says in X-Forwarded-For. Each proxy appends the address that it was called from, so the last entry is the one that
 * our own proxy wrote, and everything before the first untrusted address from the end may be made up.
 */
export function originOf(
  { headers, socket }: Pick<IncomingMessage, 'headers' | 'socket'>,
  isTrusted: IsTrustedProxy,
): string {
  let origin = socket.remoteAddress ?? '';
  const forwarded = headers['x-forwarded-for'];
  const hops = (Array.isArray(forwarded) ? forwarded.join(',') : (forwarded ?? '')).split(',');
  for (const hop of hops.slice(-maxProxies).reverse()) {
    if (!isTrusted(origin)) break;
    const address = addressIn(hop.trim());
    if (address === null) break;
    origin = address;
  }
  return origin;
}

/** Some proxies append the port: `192.0.2.7:5000`, `[2001:db8::1]:5000`. */
function addressIn(hop: string): string | null {
  const [, bracketed] = /^\[([^\]]+)\](?::\d+)?$/.exec(hop) ?? [];
  const [, dotted] = /^(\d+\.\d+\.\d+\.\d+):\d+$/.exec(hop) ?? [];
  const address = bracketed ?? dotted ?? hop;
  return isIP(address) === 0 ? null : address;
}

function isAddressOrNetwork(entry: string): boolean {
  const [address = '', prefix, ...rest] = entry.split('/');
  if (isIP(address) === 0 || rest.length > 0) return false;
  return (
    prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= (isIP(address) === 4 ? 32 : 128))
  );
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIP(address) === 6 ? 'ipv6' : 'ipv4';
}
