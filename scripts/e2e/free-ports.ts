import { once } from 'node:events';
import { createServer } from 'node:net';

// Below the range from which the kernel takes the ports of outgoing connections (32768 on Linux).
const lowest = 15_000;
const highest = 32_000;
const maxTries = 50;

/** The first of `count` ports in a row that nobody listens on now. */
export async function freePorts(count: number): Promise<number> {
  for (let i = 0; i < maxTries; i += 1) {
    const first = lowest + Math.floor(Math.random() * (highest - lowest));
    const free = await Promise.all(Array.from({ length: count }, (_, n) => isFree(first + n)));
    if (free.every(Boolean)) return first;
  }
  throw new Error(`no ${count} free ports in a row in ${maxTries} tries`);
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
    server.close();
    await once(server, 'close');
    return true;
  } catch {
    return false;
  }
}
