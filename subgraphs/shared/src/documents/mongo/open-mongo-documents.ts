import { interceptDocuments } from '../intercept-documents.ts';
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
  const { client, connect, release } = shareClient(options.uri);
  const database = client.db(options.database);
  const documents: Documents = {
    collection: (name) => mongoCollection(database.collection<Doc>(name)),
    async ping() {
      await attempt(connect);
      await attempt(() => database.command({ ping: 1 }));
    },
    close: release,
  };
  return interceptDocuments(documents, async (_, run) => {
    await attempt(connect);
    return run();
  });
}
