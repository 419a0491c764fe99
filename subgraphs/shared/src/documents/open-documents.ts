import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { openEmbeddedDocuments } from './embedded/open-embedded-documents.ts';
import { openMongoDocuments } from './mongo/open-mongo-documents.ts';
import type { Documents } from './port.ts';

/**
 * Opens a subgraph's database: on the MongoDB server of `uri`, or without one in the file
 * `<dataDir>/<database>.sqlite`, whose folder is made when it is missing.
 */
export async function openDocuments(options: {
  uri: string | undefined;
  database: string;
  dataDir: string;
}): Promise<Documents> {
  const { uri, database, dataDir } = options;
  if (uri) return openMongoDocuments({ uri, database });
  mkdirSync(dataDir, { recursive: true });
  return openEmbeddedDocuments({ file: join(dataDir, `${database}.sqlite`) });
}
