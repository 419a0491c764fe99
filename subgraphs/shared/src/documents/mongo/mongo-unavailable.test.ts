import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { AnyDoc } from '../../../test/documents-adapters.ts';
import { mongodbUri } from '../../../test/real-servers.ts';
import { UnavailableError } from '../../unavailable.ts';
import type { Documents } from '../port.ts';
import { openMongoDocuments } from './open-mongo-documents.ts';

let server: Server | undefined;
let documents: Documents | undefined;

afterEach(async () => {
  await documents?.close();
  server?.close();
});

async function listen(): Promise<number> {
  server = createServer(() => {}).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

async function open(port: number): Promise<Documents> {
  documents = await openMongoDocuments({ uri: `mongodb://127.0.0.1:${port}`, database: 'nobody' });
  return documents;
}

describe('a server that does not answer', () => {
  it('that is frozen: every operation is rejected in time', async () => {
    const frozen = await open(await listen());
    const collection = frozen.collection<AnyDoc>('a');
    const results = await Promise.allSettled([
      frozen.ping(),
      collection.insertOne({ _id: 'a' }),
      collection.findOne({ _id: 'a' }),
      collection.find({}, { limit: 1 }).toArray(),
      collection.updateOne({ _id: 'a' }, { $set: { n: 1 } }, { upsert: true }),
      collection.bulkWrite([{ deleteOne: { filter: { _id: 'a' } } }]),
      collection.countDocuments({}),
      collection.createIndexes([{ key: { n: 1 } }]),
    ]);
    for (const result of results) {
      expect(result).toMatchObject({ status: 'rejected', reason: expect.any(UnavailableError) });
    }
  });

  it('that is not there: opening succeeds, ping tells', async () => {
    const port = await listen();
    server?.close();
    await expect((await open(port)).ping()).rejects.toThrow(UnavailableError);
  });
});

if (mongodbUri) {
  const uri = new URL(mongodbUri);

  describe('a server that comes up later', () => {
    it('is found by the operations that come then, though earlier ones failed', async () => {
      const port = await listen();
      server?.close();
      const late = (await open(port)).collection<AnyDoc>('a');
      await expect(late.countDocuments({})).rejects.toThrow(UnavailableError);
      await expect(late.countDocuments({})).rejects.toThrow(UnavailableError);
      // A door to the real server, opened on the address that was closed.
      server = createServer((socket) => {
        const through = connect(Number(uri.port), uri.hostname);
        socket.pipe(through).pipe(socket);
        for (const end of [socket, through]) end.on('error', () => socket.destroy());
      }).listen(port, '127.0.0.1');
      await once(server, 'listening');
      expect(await late.countDocuments({})).toBe(0);
      await documents?.ping();
    });
  });
}
