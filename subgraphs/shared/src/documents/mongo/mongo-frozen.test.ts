import { describe, expect, it } from 'vitest';
import type { AnyDoc } from '../../../test/documents-adapters.ts';
import { startFreezingProxy } from '../../../test/freezing-proxy.ts';
import { mongodbUri } from '../../../test/real-servers.ts';
import { UnavailableError } from '../../unavailable.ts';
import { openMongoDocuments } from './open-mongo-documents.ts';

describe.runIf(mongodbUri)('a server that freezes while connected', () => {
  it('is unavailable in time, and of use again once it answers', async () => {
    const proxy = await startFreezingProxy(mongodbUri!);
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
