import { openEmbeddedDocuments } from '../src/documents/embedded/open-embedded-documents.ts';

// Writes until it is killed, and prints each write once it is acknowledged. Argument: the file.
const documents = openEmbeddedDocuments({ file: process.argv[2]! });
const collection = documents.collection<{ _id: string; n: number; name: string }>('writes');
await collection.createIndexes([{ key: { name: 1 }, unique: true }]);
await collection.insertOne({ _id: 'counter', n: 0, name: 'counter' });
// Bounded: at most this many writes if nobody kills it.
for (let n = 1; n <= 200_000; n += 1) {
  await collection.insertOne({ _id: `d${n}`, n, name: `name ${n}` });
  await collection.updateOne({ _id: 'counter' }, { $set: { n } });
  process.stdout.write(`${n}\n`);
}
