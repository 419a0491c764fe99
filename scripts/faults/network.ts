import { type Proxy as ToxicProxy, Toxiproxy } from 'toxiproxy-node-client';
import { freePorts } from '../e2e/free-ports.ts';
import { type ServerName, type Servers, startToxiproxy } from './servers.ts';

/** Which part talks to which server: each of these wires has a proxy of its own. */
export const wires = [
  ['users', 'mongo'],
  ['images', 'mongo'],
  ['products', 'mongo'],
  ['products', 'kafka'],
  ['products', 'redis'],
  ['orders', 'mongo'],
  ['orders', 'kafka'],
] as const;
export type Wire = (typeof wires)[number];

/**
 * The wires between the parts and their servers. Every process of a part shares its wires. A fault stays until
 * `heal`, and also befalls the connections that were there before.
 */
export interface Network {
  /** Where the processes of this part find their servers. */
  variables(part: string): Record<string, string>;
  /** Every answer comes this much later. */
  slow(wire: Wire, latencyMs: number): Promise<void>;
  /** Lost packets, as far as a TCP connection shows them: see `lossyToxics`. */
  lossy(wire: Wire): Promise<void>;
  /**
   * `closed`: connections end and new ones are refused. `silent`: they stay, new ones are taken, and whatever is
   * sent on them is swallowed, as when a cable is pulled; healing ends them, since bytes are missing.
   */
  cut(wire: Wire, how: 'closed' | 'silent'): Promise<void>;
  /** All wires are as at the beginning. */
  heal(): Promise<void>;
  /** Takes the proxies away; `Servers.stop` ends toxiproxy itself. */
  stop(): Promise<void>;
}

/**
 * TCP repairs what is lost, so no byte is ever missing in the middle. What its users see of loss is data that comes
 * late and in pieces, and connections that break in the middle of something: after a time for one in five of
 * them (given up as lost), and for each after 64 KiB at the latest.
 */
const lossyToxics = [
  { type: 'latency', stream: 'downstream', toxicity: 1, attributes: { latency: 100, jitter: 100 } },
  {
    type: 'slicer',
    stream: 'upstream',
    toxicity: 1,
    // In bytes; the delay in microseconds.
    attributes: { average_size: 512, size_variation: 256, delay: 500 },
  },
  { type: 'limit_data', stream: 'upstream', toxicity: 1, attributes: { bytes: 64 * 1024 } },
  { type: 'reset_peer', stream: 'downstream', toxicity: 0.2, attributes: { timeout: 1_000 } },
] as const;

/** Puts a proxy into each wire; nobody need use them. */
export async function startNetwork(
  servers: Pick<Servers, 'dir' | 'uris' | 'kafkaBehindProxy'>,
): Promise<Network> {
  const toxiproxy = new Toxiproxy(await startToxiproxy(servers.dir));
  const proxies = new Map<string, ToxicProxy>();
  // What a network left behind that was not stopped: there is one at a time.
  for (const proxy of Object.values(await toxiproxy.getAll())) await proxy.remove();
  const firstPort = await freePorts(wires.length);
  for (const [index, wire] of wires.entries()) {
    const addresses = addressesOf(wire, servers, firstPort + index);
    proxies.set(nameOf(wire), await toxiproxy.createProxy({ name: nameOf(wire), ...addresses }));
  }
  const proxyOf = (wire: Wire): ToxicProxy => {
    const proxy = proxies.get(nameOf(wire));
    if (!proxy) throw new Error(`there is no wire ${nameOf(wire)}`);
    return proxy;
  };
  return {
    variables: (part) =>
      Object.fromEntries(
        wires.filter(([owner]) => owner === part).map((wire) => variableOf(wire, proxyOf(wire).listen)),
      ),
    async slow(wire, latencyMs) {
      const attributes = { latency: latencyMs, jitter: 0 };
      await add(proxyOf(wire), { type: 'latency', stream: 'downstream', toxicity: 1, attributes });
    },
    async lossy(wire) {
      for (const toxic of lossyToxics) await add(proxyOf(wire), toxic);
    },
    async cut(wire, how) {
      const proxy = proxyOf(wire);
      if (how === 'closed') await proxy.update({ ...proxy.toJson(), enabled: false });
      else for (const stream of ['upstream', 'downstream'] as const) await swallow(proxy, stream);
    },
    heal: () => toxiproxy.reset(),
    async stop() {
      for (const proxy of proxies.values()) await proxy.remove();
    },
  };
}

const nameOf = ([part, server]: Wire) => `${part}-${server}`;

function addressesOf(
  [part, server]: Wire,
  { uris, kafkaBehindProxy }: Pick<Servers, 'uris' | 'kafkaBehindProxy'>,
  port: number,
): { upstream: string; listen: string } {
  if (server === 'kafka') return kafkaBehindProxy[part];
  const { host } = new URL(server === 'mongo' ? uris.MONGODB_URI : uris.REDIS_URL);
  return { upstream: host, listen: `127.0.0.1:${port}` };
}

/** The variable by which a part finds a server, and its value when the server is at this address. */
function variableOf([, server]: Wire, address: string): [string, string] {
  const variables: Record<ServerName, [string, string]> = {
    // Direct: a member of a replica set would tell the driver its own address, past the proxy.
    mongo: ['MONGODB_URI', `mongodb://${address}/?directConnection=true`],
    kafka: ['KAFKA_BROKERS', address],
    redis: ['REDIS_URL', `redis://${address}`],
  };
  return variables[server];
}

type Toxic = Parameters<ToxicProxy['addToxic']>[0];

async function add(proxy: ToxicProxy, toxic: Omit<Toxic, 'name'>): Promise<void> {
  await proxy.addToxic({ ...toxic, name: `${toxic.type}_${toxic.stream}` });
}

/** With a timeout of 0 until it is taken away. */
const swallow = (proxy: ToxicProxy, stream: 'upstream' | 'downstream') =>
  add(proxy, { type: 'timeout', stream, toxicity: 1, attributes: { timeout: 0 } });
