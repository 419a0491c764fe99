import { describe, expect, it } from 'vitest';
import { anyUpdate, type Fresh } from '../../../test/documents-adapters.ts';
import { type Documents, DuplicateKeyError } from '../port.ts';

/** What is stored comes back as it was, and is nobody else's. */
export function storageContract(fresh: Fresh, documents: () => Documents): void {
  describe('storage', () => {
    it('answers a ping', async () => {
      await expect(documents().ping()).resolves.toBeUndefined();
    });

    it('returns every kind of value as it was stored', async () => {
      const collection = fresh();
      const document = {
        _id: 'a-1:b',
        text: 'größe "€" \u{1f36b} {"$date":1}',
        numbers: [0, -1, 0.1, 2 ** 31, 2 ** 31 + 5, 2 ** 53 - 1, -(2 ** 40), 1e300],
        nothing: null,
        flags: [true, false],
        at: new Date('2026-01-02T03:04:05.678Z'),
        old: new Date(-5),
        nested: { list: [{ at: new Date(1) }, []], empty: {} },
      };
      await collection.insertOne(document);
      expect(await collection.findOne({ _id: 'a-1:b' })).toEqual(document);
    });

    it('does not store fields that are undefined', async () => {
      const collection = fresh();
      await collection.insertOne({ _id: 'a', b: undefined, c: { d: undefined, e: 1 } });
      await collection.updateOne({ _id: 'a' }, { $set: { f: undefined, g: { h: undefined } } });
      expect(await collection.findOne({ _id: 'a' })).toStrictEqual({ _id: 'a', c: { e: 1 }, g: {} });
    });

    it('keeps documents apart from those handed in and out', async () => {
      const collection = fresh();
      const lines = [{ quantity: 1 }];
      await collection.insertOne({ _id: 'a', lines });
      lines[0]!.quantity = 9;
      const read = (await collection.findOne({ _id: 'a' })) as unknown as { lines: { quantity: number }[] };
      read.lines[0]!.quantity = 8;
      const added = { quantity: 2 };
      const after = await collection.findOneAndUpdate({ _id: 'a' }, anyUpdate({ $push: { lines: added } }), {
        returnDocument: 'after',
      });
      added.quantity = 7;
      (after as unknown as { lines: unknown[] }).lines.pop();
      expect(await collection.findOne({ _id: 'a' })).toEqual({
        _id: 'a',
        lines: [{ quantity: 1 }, { quantity: 2 }],
      });
    });

    it('refuses a second document of the same _id', async () => {
      const collection = fresh();
      await collection.insertOne({ _id: 'a', n: 1 });
      await expect(collection.insertOne({ _id: 'a', n: 2 })).rejects.toThrow(DuplicateKeyError);
      expect(await collection.findOne({ _id: 'a' })).toEqual({ _id: 'a', n: 1 });
    });

    it('takes documents and filters without a prototype, as GraphQL arguments are', async () => {
      const collection = fresh();
      const address = Object.assign(Object.create(null), { city: 'Bern' });
      await collection.insertOne({ _id: 'a', address });
      expect(
        await collection.findOne(Object.assign(Object.create(null), { 'address.city': 'Bern' })),
      ).toEqual({
        _id: 'a',
        address: { city: 'Bern' },
      });
    });

    it.each([
      ['no _id', {}],
      ['an _id that is no string', { _id: 5 }],
      ['a field name with a dot', { _id: 'a', b: { 'c.d': 1 } }],
      ['a field name that begins with $', { _id: 'a', $b: 1 }],
      ['a number that is not finite', { _id: 'a', b: [Number.NaN] }],
      ['an invalid date', { _id: 'a', b: new Date(Number.NaN) }],
      ['a class instance', { _id: 'a', b: new Map() }],
      ['a bigint', { _id: 'a', b: 1n }],
    ])('refuses a document with %s', async (_what, document) => {
      const collection = fresh();
      await expect(collection.insertOne(document as never)).rejects.toThrow(/^documents: /);
      expect(await collection.countDocuments({})).toBe(0);
    });
  });
}
