import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { redisUrl } from '../../subgraphs/shared/test/real-servers.ts';
import { freePorts } from '../e2e/free-ports.ts';
import { type Network, startNetwork, type Wire, wires } from './network.ts';
import { runServices } from './servers.ts';

const wire: Wire = ['products', 'redis'];
/** Long enough for an answer that comes, however busy the machine. */
const patienceMs = 10_000;

/** Redis stands at the other end of every wire: what a wire does has nothing to do with what is said on it. */
function wiresToOneRedis(): void {
  const dir = mkdtempSync(join(tmpdir(), 'shop-network-'));
  let network: Network;
  let sockets: Socket[];

  beforeAll(async () => {
    await runServices('start-one', 'redis', dir);
    const upstream = `127.0.0.1:${readFileSync(join(dir, 'redis/port'), 'utf8').trim()}`;
    const port = await freePorts(2);
    const behind = (n: number) => ({ upstream, listen: `127.0.0.1:${port + n}` });
    const uris = { MONGODB_URI: `mongodb://${upstream}/?replicaSet=rs0`, REDIS_URL: `redis://${upstream}` };
    network = await startNetwork({
      dir,
      uris: { ...uris, KAFKA_BROKERS: upstream },
      kafkaBehindProxy: { products: behind(0), orders: behind(1) },
    });
  }, 300_000);
  afterAll(async () => {
    await network?.stop();
    await runServices('stop', dir);
    rmSync(dir, { recursive: true, force: true });
  });
  beforeEach(() => {
    sockets = [];
  });
  afterEach(async () => {
    for (const socket of sockets) socket.destroy();
    await network.heal();
  });

  const addressOf = ([part, server]: Wire) => {
    const variable = { mongo: 'MONGODB_URI', kafka: 'KAFKA_BROKERS', redis: 'REDIS_URL' }[server];
    return /127\.0\.0\.1:(\d+)/.exec(network.variables(part)[variable] ?? '')?.[1];
  };
  async function open(through: Wire = wire): Promise<Socket> {
    const socket = connect(Number(addressOf(through)), '127.0.0.1').on('error', () => {});
    sockets.push(socket);
    await once(socket, 'connect');
    return socket;
  }
  // Not by `once` of node:events, which rejects when the connection is reset.
  const isClosed = (socket: Socket) =>
    new Promise<string>((resolve) => socket.once('close', () => resolve('closed')));
  async function ping(socket: Socket, withinMs = patienceMs): Promise<string> {
    socket.write('PING\r\n');
    const answer = new Promise<string>((resolve) => socket.once('data', (data) => resolve(`${data}`.trim())));
    return Promise.race([answer, isClosed(socket), sleep(withinMs, 'nothing')]);
  }

  test('every wire leads to its server, at an address of its own', async () => {
    for (const each of wires) expect(await ping(await open(each))).toBe('+PONG');
    expect(new Set(wires.map(addressOf)).size).toBe(wires.length);
    expect(network.variables('products').MONGODB_URI).toContain('directConnection=true');
    expect(Object.keys(network.variables('users'))).toEqual(['MONGODB_URI']);
  });

  test('slow: an answer comes that much later, on open connections too', async () => {
    const socket = await open();
    await network.slow(wire, 200);
    const sentMs = performance.now();
    expect(await ping(socket)).toBe('+PONG');
    expect(performance.now() - sentMs).toBeGreaterThan(190);
  });

  test('closed: open connections end, new ones are refused, the other wires are well, and so is this one once healed', async () => {
    const [socket, other] = [await open(), await open(['orders', 'mongo'])];
    const closed = isClosed(socket);
    await network.cut(wire, 'closed');
    expect(await closed).toBe('closed');
    await expect(open()).rejects.toThrow('ECONNREFUSED');
    expect(await ping(other)).toBe('+PONG');
    await network.heal();
    expect(await ping(await open())).toBe('+PONG');
  });

  test('silent: connections stay and open, and nothing comes back, until it is healed', async () => {
    const before = await open();
    await network.cut(wire, 'silent');
    expect(await ping(before, 500)).toBe('nothing');
    expect(await ping(await open(), 500)).toBe('nothing');
    const closed = isClosed(before);
    await network.heal();
    expect(await closed).toBe('closed');
    expect(await ping(await open())).toBe('+PONG');
  });

  test('lossy: what is sent arrives, until the connection breaks amid it', async () => {
    await network.lossy(wire);
    let answer = '';
    for (let tries = 0; tries < 20 && answer !== '+PONG'; tries += 1) answer = await ping(await open());
    expect(answer).toBe('+PONG');
    const socket = await open();
    const closed = isClosed(socket);
    socket.write(`SET key ${'x'.repeat(100_000)}\r\n`);
    expect(await closed).toBe('closed');
  });
}

// Toxiproxy is built from its source: as with the check of compose.yaml, a machine may be without Go.
const hasGo = spawnSync('go', ['version']).status === 0;
describe.runIf(redisUrl !== null && hasGo)('the network between parts and servers', wiresToOneRedis);
