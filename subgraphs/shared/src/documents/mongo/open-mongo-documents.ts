import type { Doc, Documents } from '../port.ts';
import { attempt } from './attempt.ts';
import { mongoCollection } from './mongo-collection.ts';
import { shareClient } from './shared-client.ts';

/**
 * The documents port on a MongoDB server (or replica set). Opening does not connect: the first operation does,
 * and each tries anew, so a server that is not up yet can come later; `ping` tells. Writes are acknowledged by a
 * majority and journalled, reads go to the primary, and no operation lasts longer than 5 s.
 */
export async function openMongoDocuments(options: { uri: string; database: string }): Promise<Documents> {
  const { client, release } = shareClient(options.uri);
  const database = client.db(options.database);
  return {
    collection: (name) => mongoCollection(database.collection<Doc>(name)),
    async ping() {
      await attempt(() => database.command({ ping: 1 }));
    },
    close: release,
  };
}
