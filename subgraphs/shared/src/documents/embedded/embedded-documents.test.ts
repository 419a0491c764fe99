import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type AnyDoc, anyUpdate } from '../../../test/documents-adapters.ts';
import { UnavailableError } from '../../unavailable.ts';
import { type Collection, DuplicateKeyError } from '../port.ts';
import { type EmbeddedDocuments, openEmbeddedDocuments } from './open-embedded-documents.ts';

let folder: string;
let store: EmbeddedDocuments;
let collection: Collection<AnyDoc>;

function reopen(): void {
  store = openEmbeddedDocuments({ file: join(folder, 'shop.sqlite') });
  collection = store.collection<AnyDoc>('things');
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'embedded-'));
  reopen();
});
afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true });
});

describe('across restarts', () => {
  it('keeps documents, indexes and what the indexes know', async () => {
    await collection.createIndexes([{ key: { name: 1 }, unique: true }, { key: { tags: 1 } }]);
    const document = { _id: 'a', name: 'n', tags: [1, 9], at: new Date(5) };
    await collection.insertOne(document);
    await store.close();
    reopen();
    expect(await collection.findOne({ _id: 'a' })).toEqual(document);
    await expect(collection.insertOne({ _id: 'b', name: 'n' })).rejects.toThrow(DuplicateKeyError);
    // Both bounds hold, for different elements: the index must remember that it has seen arrays.
    expect(await collection.findOne({ tags: { $gt: 5, $lt: 5 } })).toEqual(document);
  });

  it('refuses to be used once closed', async () => {
    await store.close();
    await expect(collection.findOne({})).rejects.toThrow(UnavailableError);
    await expect(store.ping()).rejects.toThrow(UnavailableError);
    await store.close();
  });

  it('is for one user at a time, and says which file', () => {
    const file = join(folder, 'shop.sqlite');
    expect(() => openEmbeddedDocuments({ file })).toThrow(`${file} is in use by another process`);
  });

  it('says which file it cannot open', () => {
    const file = join(folder, 'nowhere', 'shop.sqlite');
    expect(() => openEmbeddedDocuments({ file })).toThrow(`cannot open ${file}`);
  });
});

describe('as MongoDB, where other servers of its protocol differ', () => {
  it('meets two bounds by different elements of an array', async () => {
    await collection.insertOne({ _id: 'a', scores: [1, 9] });
    expect(await collection.countDocuments({ scores: { $gt: 5, $lt: 2 } })).toBe(1);
  });

  it('refuses to count or to nest in null', async () => {
    await collection.insertOne({ _id: 'a', nothing: null });
    await expect(collection.updateOne({ _id: 'a' }, { $inc: { nothing: 1 } })).rejects.toThrow(/nothing/);
    await expect(collection.updateOne({ _id: 'a' }, { $set: { 'nothing.deep': 1 } })).rejects.toThrow(
      /nothing/,
    );
  });

  it('compares text by code point', async () => {
    await collection.createIndexes([{ key: { s: 1 } }]);
    for (const s of ['\u{1f36b}', '\uffee', 'z']) await collection.insertOne({ _id: s, s });
    const byIndex = await collection.find({}, { sort: { s: 1 }, limit: 9 }).toArray();
    const inMemory = await collection.find({}, { sort: { s: 1, _id: -1 }, limit: 9 }).toArray();
    expect(byIndex.map((document) => document._id)).toEqual(['z', '\uffee', '\u{1f36b}']);
    expect(inMemory).toEqual(byIndex);
    expect(await collection.countDocuments({ s: { $gt: '\uffee' } })).toBe(1);
  });

  it('refuses an index of two arrays', async () => {
    await collection.createIndexes([{ key: { a: 1, b: 1 } }]);
    await expect(collection.insertOne({ _id: 'a', a: [1, 2], b: [1, 2] })).rejects.toThrow(/a_1_b_1/);
    expect(await collection.countDocuments({})).toBe(0);
  });
});

describe('expiry', () => {
  it('removes what is older than its index says, and nothing else', async () => {
    await collection.createIndexes([{ key: { at: 1 }, expireAfterSeconds: 10 }]);
    const documents = [{ _id: 'old', at: new Date(0) }, { _id: 'new', at: new Date(5000) }, { _id: 'never' }];
    for (const document of [...documents, { _id: 'text', at: 'once' }]) await collection.insertOne(document);
    store.removeExpired(10_001);
    const left = await collection.find({}, { sort: { _id: 1 }, limit: 9 }).toArray();
    expect(left.map((document) => document._id)).toEqual(['never', 'new', 'text']);
  });

  it('works through a backlog a piece at a time', async () => {
    await collection.createIndexes([{ key: { at: 1 }, expireAfterSeconds: 0 }]);
    const writes = Array.from({ length: 1500 }, (_, n) => ({
      insertOne: { document: { _id: `${n}`, at: new Date(n) } },
    }));
    await collection.bulkWrite(writes);
    store.removeExpired(1e9);
    expect(await collection.countDocuments({})).toBe(500);
    store.removeExpired(1e9);
    expect(await collection.countDocuments({})).toBe(0);
  });
});

it('lets timers run between operations', async () => {
  let fired = false;
  setTimeout(() => {
    fired = true;
  }, 1);
  let operations = 0;
  while (!fired && operations < 1_000_000) {
    await collection.findOne({ _id: 'a' });
    operations += 1;
  }
  expect(fired).toBe(true);
});

it('takes back a failed write of many as a whole', async () => {
  await collection.createIndexes([{ key: { n: 1 }, unique: true }]);
  for (const n of [1, 2]) await collection.insertOne({ _id: `${n}`, n });
  await expect(collection.updateMany({}, anyUpdate({ $set: { n: 7 } }))).rejects.toThrow(DuplicateKeyError);
  expect(await collection.countDocuments({ n: { $in: [1, 2] } })).toBe(2);
});
