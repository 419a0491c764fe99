import { createProduct } from '@shop/products/create-product';
import { createProductStore, productsOf } from '@shop/products/product-store';
import { openDocuments } from '@shop/shared/documents/open-documents';

/** In one write; a server takes 100,000 at most. */
const perWrite = 1_000;
/** More than any run sells, and room below the largest Int for what admins add. */
const stock = 1_000_000_000;

/**
 * Gives the Products database of a shop that does not run so many products, by the documents that the subgraph would
 * make, and answers their ids. Their events are left out, as if they had been published long ago.
 */
export async function fillCatalogue(
  where: { uri: string | undefined; database: string; dataDir: string },
  count: number,
): Promise<string[]> {
  const documents = await openDocuments(where);
  try {
    await createProductStore(documents).createIndexes();
    const ids = Array.from({ length: count }, (_, n) => `bench-${String(n).padStart(6, '0')}`);
    for (let start = 0; start < count; start += perWrite) {
      const writes = ids.slice(start, start + perWrite).map((id, n) => ({
        insertOne: { document: productOf(id, start + n) },
      }));
      await productsOf(documents).bulkWrite(writes, { ordered: false });
    }
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
