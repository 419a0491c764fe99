import { interceptDocuments } from '@shop/shared/documents/intercept-documents';
import type { BulkWrite, Doc, Documents } from '@shop/shared/documents/port';
import type { ProductDoc } from '../src/product.ts';
import type { ReservationDoc } from '../src/reservation.ts';
import { giveBackLine } from '../src/reservation-writes.ts';

/** The documents of Products as a protocol that lacks one of its guards would use them. */
export type Breakage = (documents: Documents) => Documents;

/** Each guard taken out, for showing that whoever looks for violations finds them. */
export const breakages: Record<'fence' | 'marks' | 'decide-before-return', Breakage> = {
  fence: (documents) => withoutFilter(documents, /^fence\./),
  marks: (documents) => withoutFilter(documents, /^holds\.[^.]+$/),
  'decide-before-return': givingBackFirst,
};

function withoutFilter(documents: Documents, path: RegExp): Documents {
  const without = (write: BulkWrite<Doc>): BulkWrite<Doc> => {
    if (!('updateOne' in write)) return write;
    const kept = Object.entries(write.updateOne.filter).filter(([key]) => !path.test(key));
    return { updateOne: { ...write.updateOne, filter: Object.fromEntries(kept) } };
  };
  return interceptDocuments(documents, ({ collection, method, args }, run) => {
    if (collection !== 'products' || method !== 'bulkWrite') return run();
    const [writes, options] = args as [BulkWrite<Doc>[], { ordered?: boolean }];
    return documents.collection(collection).bulkWrite(writes.map(without), options);
  });
}

function givingBackFirst(documents: Documents): Documents {
  return interceptDocuments(documents, async ({ collection, method, args }, run) => {
    if (collection === 'reservations' && method === 'bulkWrite') {
      const rejected = (args[0] as BulkWrite<ReservationDoc>[]).flatMap(rejectedBy);
      if (rejected.length > 0) await giveBack(documents, rejected);
    }
    return run();
  });
}

/** The order that this write is about to reject, or nothing. */
function rejectedBy(write: BulkWrite<ReservationDoc>): string[] {
  if (!('updateOne' in write)) return [];
  const { filter, update } = write.updateOne;
  return update.$set?.state === 'rejecting' ? [String(filter._id)] : [];
}

async function giveBack(documents: Documents, orderIds: string[]): Promise<void> {
  const reservations = documents.collection<ReservationDoc>('reservations');
  const found = await reservations.find({ _id: { $in: orderIds } }, { limit: orderIds.length }).toArray();
  const writes = found.flatMap(({ _id, lines }) => lines.map((line) => giveBackLine(_id, line)));
  if (writes.length > 0)
    await documents.collection<ProductDoc>('products').bulkWrite(writes, { ordered: false });
}
