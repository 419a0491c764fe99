import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

export type ServerName = 'mongo' | 'kafka' | 'redis';

/** Real servers of one's own, to be killed and frozen. What a server has acknowledged survives its kill, but in Redis. */
export interface Servers {
  uris: { MONGODB_URI: string; KAFKA_BROKERS: string; REDIS_URL: string };
  /** Where .ci/services keeps them. */
  dir: string;
  /** Kafka sends its clients on to the address that it advertises: one for each part that has a proxy before it. */
  kafkaBehindProxy: Record<ProxiedPart, ProxiedListener>;
  /** `kill -9`; resolves when it has ended. */
  kill(server: ServerName): Promise<void>;
  /** With its data and on its port; resolves when it answers. */
  start(server: ServerName): Promise<void>;
  /** It holds its connections and answers nothing. */
  freeze(server: ServerName): Promise<void>;
  wake(server: ServerName): Promise<void>;
  /** Redis forgets everything. */
  flushRedis(): Promise<void>;
  /** Ends them and removes what they stored. */
  stop(): Promise<void>;
}

/** The parts that use Kafka. */
export const proxiedParts = ['products', 'orders'] as const;
export type ProxiedPart = (typeof proxiedParts)[number];

export interface ProxiedListener {
  /** `host:port` where the broker listens. */
  upstream: string;
  /** `host:port` where it tells clients to go, so where the proxy has to listen. */
  listen: string;
}

const services = fileURLToPath(new URL('../../.ci/services', import.meta.url));
// The first start of a machine downloads Kafka and builds toxiproxy.
const commandWithinMs = 300_000;
const flushWithinMs = 5_000;

/** Starts Kafka, Redis and a MongoDB-protocol server in a folder of their own; resolves when all answer. */
export async function startServers(): Promise<Servers> {
  const dir = mkdtempSync(join(tmpdir(), 'shop-faults-servers-'));
  const stop = async () => {
    await runServices('stop', dir);
    rmSync(dir, { recursive: true, force: true });
  };
  try {
    await runServices('start', dir);
  } catch (error) {
    await stop();
    throw error;
  }
  const uris = readUris(dir);
  return {
    uris,
    dir,
    kafkaBehindProxy: { products: listenerOf(dir, 'products'), orders: listenerOf(dir, 'orders') },
    kill: (server) => runServices('kill-one', server, dir),
    start: (server) => runServices('start-one', server, dir),
    freeze: (server) => runServices('freeze-one', server, dir),
    wake: (server) => runServices('wake-one', server, dir),
    flushRedis: () => flush(new URL(uris.REDIS_URL)),
    stop,
  };
}

/** Starts toxiproxy in this folder unless it runs; resolves with the address of its API. */
export async function startToxiproxy(dir: string): Promise<string> {
  await runServices('start-one', 'toxiproxy', dir);
  return `http://127.0.0.1:${readPort(dir, 'toxiproxy', 'port')}`;
}

/** Runs .ci/services; rejects with what it said when it fails. */
export async function runServices(...args: string[]): Promise<void> {
  const env = { ...process.env, KAFKA_PROXIED: proxiedParts.join(' '), MONGO_DURABLE: '1' };
  await promisify(execFile)(services, args, { env, timeout: commandWithinMs });
}

function readUris(dir: string): Servers['uris'] {
  const text = readFileSync(join(dir, 'env'), 'utf8');
  const read = (variable: string) => {
    const value = new RegExp(`^export ${variable}=(.+)$`, 'm').exec(text)?.[1];
    if (value === undefined) throw new Error(`.ci/services tells no ${variable}`);
    return value;
  };
  return {
    MONGODB_URI: read('TEST_MONGODB_URI'),
    KAFKA_BROKERS: read('TEST_KAFKA_BROKERS'),
    REDIS_URL: read('TEST_REDIS_URL'),
  };
}

function listenerOf(dir: string, part: ProxiedPart): ProxiedListener {
  return {
    upstream: `127.0.0.1:${readPort(dir, 'kafka', `${part}-port`)}`,
    listen: `127.0.0.1:${readPort(dir, 'kafka', `${part}-proxy-port`)}`,
  };
}

function readPort(dir: string, server: string, name: string): string {
  return readFileSync(join(dir, server, name), 'utf8').trim();
}

/** One command over a socket: only the shared package knows the client of Redis. */
async function flush({ hostname, port }: URL): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const socket = connect(Number(port), hostname, () => socket.write('FLUSHALL\r\n'));
  socket.setTimeout(flushWithinMs, () => reject(new Error('Redis does not answer FLUSHALL')));
  socket.on('error', reject);
  socket.on('close', () => reject(new Error('Redis closed the connection')));
  socket.on('data', (answer) => {
    if (answer.toString() === '+OK\r\n') resolve();
    else reject(new Error(`FLUSHALL: ${answer}`));
  });
  await promise.finally(() => socket.destroy());
}
