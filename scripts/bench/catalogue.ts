import { createProduct } from '@shop/products/create-product';
import { createProductStore, productsOf } from '@shop/products/product-store';
import { openDocuments } from '@shop/shared/documents/open-documents';

/** In one write: mongo-java-server takes some milliseconds for each, and a write has 4 s. */
const perWrite = 100;
const writesAtOnce = 4;
const progressEvery = 20_000;
/** More than any run sells, and room below the largest Int for what admins add. */
const stock = 1_000_000_000;

/**
 * Gives the Products database of a shop that does not run so many products, by the documents that the subgraph would
 * make, and answers their ids. Their events are left out, as if they had been published long ago.
 */
export async function fillCatalogue(
  where: { uri: string | undefined; database: string; dataDir: string },
  count: number,
  print: (line: string) => void,
): Promise<string[]> {
  print(`filling a catalogue of ${count} products`);
  const documents = await openDocuments(where);
  try {
    await createProductStore(documents).createIndexes();
    const ids = Array.from({ length: count }, (_, n) => `bench-${String(n).padStart(6, '0')}`);
    let next = 0;
    const write = async () => {
      while (next < count) {
        const start = next;
        next += perWrite;
        const writes = ids.slice(start, next).map((id, n) => ({
          insertOne: { document: productOf(id, start + n) },
        }));
        await productsOf(documents).bulkWrite(writes, { ordered: false });
        if (start > 0 && start % progressEvery === 0) print(`${start} of ${count} products are in`);
      }
    };
    await Promise.all(Array.from({ length: writesAtOnce }, write));
    return ids;
  } finally {
    await documents.close();
  }
}

function productOf(id: string, n: number) {
  const input = {
    name: `Product ${n} of the bench`,
    description:
      'A product with a description of a usual length, such as a shop would show beside a picture.',
    price: 100 + (n % 900),
    quantity: stock,
    status: 'ACTIVE',
  } as const;
  const { outboxAt: _, ...product } = createProduct(input, id, new Date());
  return { ...product, outbox: [] };
}
