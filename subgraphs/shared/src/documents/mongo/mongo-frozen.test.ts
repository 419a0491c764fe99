import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import type { AnyDoc } from '../../../test/documents-adapters.ts';
import { mongodbUri } from '../../../test/real-servers.ts';
import { UnavailableError } from '../../unavailable.ts';
import { openMongoDocuments } from './open-mongo-documents.ts';

/** Stands between the driver and the server, and can stop passing anything on. */
async function startProxy(uri: string) {
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

describe.runIf(mongodbUri)('a server that freezes while connected', () => {
  it('is unavailable in time, and of use again once it answers', async () => {
    const proxy = await startProxy(mongodbUri!);
    const documents = await openMongoDocuments({ uri: proxy.uri, database: 'test_frozen' });
    const collection = documents.collection<AnyDoc>('a');
    expect(await collection.findOne({ _id: 'nobody' })).toBeNull();
    proxy.freeze();
    const results = await Promise.allSettled([
      collection.findOne({ _id: 'nobody' }),
      collection.deleteOne({ _id: 'nobody' }),
      collection.bulkWrite([{ deleteOne: { filter: { _id: 'nobody' } } }]),
      documents.ping(),
    ]);
    for (const result of results) {
      expect(result).toMatchObject({ status: 'rejected', reason: expect.any(UnavailableError) });
    }
    proxy.thaw();
    await expect.poll(() => collection.findOne({ _id: 'nobody' }), { timeout: 20_000 }).toBeNull();
    await documents.close();
    proxy.stop();
  });

  it('shares one connection pool between the databases of a server', async () => {
    const [one, other] = await Promise.all(
      ['test_a', 'test_b'].map((database) => openMongoDocuments({ uri: mongodbUri!, database })),
    );
    await one!.close();
    await one!.close();
    await expect(other!.ping()).resolves.toBeUndefined();
    await other!.close();
    await expect(other!.ping()).rejects.toThrow(UnavailableError);
  });
});
