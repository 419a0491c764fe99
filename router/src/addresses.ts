import { lookup as lookUpHost } from 'node:dns/promises';
import { isIP } from 'node:net';

/** Every address of a host name; as node:dns/promises has it. */
export type Lookup = (host: string) => Promise<readonly { address: string; family: number }[]>;

export interface AddressesOptions {
  lookup?: Lookup;
  /** A clock that does not jump. */
  nowMs: () => number;
}

/** So a process that came is used, and one that went is left, a second later. */
const lookAgainAfterMs = 1_000;

/** As many as a variable may list; further ones wait for a place. */
const maxAddresses = 32;

const lookUpAll: Lookup = (host) => lookUpHost(host, { all: true });

/**
 * The URLs of the processes behind one URL, as they are known now; asking looks them up anew in the background, at
 * most once a second. A name with several addresses of one family is several processes, such as the containers of a
 * service: the system sorts addresses in an order that does not change, so connections by name would all go to the
 * first. A URL of any other kind (one address, one of each family, https, whose certificate is for the name) stands
 * for itself, and so does a name that cannot be looked up at first; later its last known addresses stand.
 */
export function createAddresses(
  url: string,
  { lookup = lookUpAll, nowMs }: AddressesOptions,
): () => readonly string[] {
  const { protocol, hostname } = new URL(url);
  if (protocol !== 'http:' || isIP(hostname) !== 0 || hostname.startsWith('[')) return () => [url];
  let known: readonly string[] = [url];
  let lookAgainAtMs = Number.NEGATIVE_INFINITY;
  let isLooking = false;

  async function look(): Promise<void> {
    isLooking = true;
    try {
      known = withAddresses(url, await lookup(hostname));
    } catch {
      // Whoever connects learns of it; what was known may still be there.
    }
    lookAgainAtMs = nowMs() + lookAgainAfterMs;
    isLooking = false;
  }

  return () => {
    if (!isLooking && nowMs() >= lookAgainAtMs) void look();
    return known;
  };
}

function withAddresses(url: string, found: Awaited<ReturnType<Lookup>>): readonly string[] {
  const ofFamily = (family: number) => [
    ...new Set(found.filter((each) => each.family === family).map(({ address }) => address)),
  ];
  const addresses = [ofFamily(4), ofFamily(6)].find(({ length }) => length > 1);
  if (!addresses) return [url];
  return addresses
    .sort()
    .slice(0, maxAddresses)
    .map((address) => {
      const one = new URL(url);
      one.hostname = isIP(address) === 6 ? `[${address}]` : address;
      return one.href;
    });
}
