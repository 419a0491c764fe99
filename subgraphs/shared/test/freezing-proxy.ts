import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** Stands between the driver and a MongoDB server, and can stop passing anything on. */
export async function startFreezingProxy(uri: string) {
  const { hostname, port } = new URL(uri);
  const sockets = new Set<Socket>();
  let isFrozen = false;
  const server = createServer((socket) => {
    const upstream = connect({ host: hostname, port: Number(port) });
    for (const [from, to] of [[socket, upstream] as const, [upstream, socket] as const]) {
      sockets.add(from);
      from.on('data', (chunk) => isFrozen || to.write(chunk));
      from.on('error', () => {});
      from.on('close', () => to.destroy());
    }
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    uri: `mongodb://127.0.0.1:${(server.address() as AddressInfo).port}/?directConnection=true`,
    freeze: () => {
      isFrozen = true;
    },
    thaw: () => {
      isFrozen = false;
    },
    stop: () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}
