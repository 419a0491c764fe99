import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Document, MongoClient } from 'mongodb';
import { openEmbeddedDocuments } from '../src/documents/embedded/open-embedded-documents.ts';
import { openMongoDocuments } from '../src/documents/mongo/open-mongo-documents.ts';
import type { Collection, Documents, UpdateFilter } from '../src/documents/port.ts';
import { mongodbUri } from './real-servers.ts';

/** A document of any shape, for tests. */
export interface AnyDoc extends Document {
  _id: string;
}

/** An opened store; `remove` closes it and leaves nothing behind. */
export interface OpenedDocuments {
  documents: Documents;
  remove(): Promise<void>;
}

export interface Adapter {
  name: string;
  open(): Promise<OpenedDocuments>;
}

/** Every adapter of the documents port that this run can reach. */
export const adapters: Adapter[] = [
  { name: 'embedded in memory', open: openInMemory },
  { name: 'embedded on a file', open: openOnFile },
  ...realAdapters(mongodbUri),
];

/** An update of a document of any shape: the driver's types want to know which fields are lists. */
export function anyUpdate(update: object): UpdateFilter<AnyDoc> {
  return update as UpdateFilter<AnyDoc>;
}

/** Gives a collection that no other test uses. */
export type Fresh = () => Collection<AnyDoc>;

export function freshCollection(documents: Documents): Collection<AnyDoc> {
  return documents.collection(`c${randomUUID().slice(0, 8)}`);
}

async function openInMemory(): Promise<OpenedDocuments> {
  const documents = openEmbeddedDocuments({ file: ':memory:' });
  return { documents, remove: () => documents.close() };
}

async function openOnFile(): Promise<OpenedDocuments> {
  const folder = mkdtempSync(join(tmpdir(), 'documents-'));
  const documents = openEmbeddedDocuments({ file: join(folder, 'test.sqlite') });
  const remove = async () => {
    await documents.close();
    rmSync(folder, { recursive: true });
  };
  return { documents, remove };
}

function realAdapters(uri: string | null): Adapter[] {
  return uri ? [{ name: 'MongoDB', open: () => openReal(uri) }] : [];
}

export async function openReal(uri: string): Promise<OpenedDocuments> {
  const database = `test_${randomUUID().replaceAll('-', '')}`;
  const documents = await openMongoDocuments({ uri, database });
  const remove = async () => {
    await documents.close();
    const client = new MongoClient(uri);
    await client.db(database).dropDatabase();
    await client.close();
  };
  return { documents, remove };
}
