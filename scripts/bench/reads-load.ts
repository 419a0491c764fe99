import type { AsRouter } from '../e2e/as-router.ts';
import { createPoster, runSlice, writeSteadily } from './load.ts';
import type { BenchShop } from './shops.ts';

/** Where the list is read: as a client does, or at the subgraph that caches it. */
export type Place = 'router' | 'products';

const pageSize = 50;
const list = JSON.stringify({
  query: `{ products(first: ${pageSize}) { _id name description price quantity status } }`,
});
const adjust = `mutation ($id: ID!) { adjustStock(id: $id, delta: 1, reason: "bench") { quantity } }`;

/** Readers of the product list, and an admin who changes the stock of products at random. */
export function createReaders(shop: BenchShop, connections: number) {
  const readers = createPoster(connections);
  const admin = createPoster(connections);
  const headersOf: Record<Place, AsRouter> = { router: async () => ({}), products: shop.asRouter };
  const urls: Record<Place, string> = { router: shop.url, products: shop.productsUrl };

  async function write(): Promise<boolean> {
    const id = shop.productIds[Math.floor(Math.random() * shop.productIds.length)];
    const body = JSON.stringify({ query: adjust, variables: { id } });
    const answer = await admin.post(shop.url, { 'x-api-key': shop.apiSecret }, body);
    return answer.includes('"quantity":');
  }

  return {
    /** Counts the whole pages read while there are so many writes a second. */
    async read(place: Place, writesPerSecond: number, seconds: number) {
      const writes = writesPerSecond > 0 ? writeSteadily(write, writesPerSecond) : null;
      const wanted = Math.min(pageSize, shop.productIds.length);
      const send = async () => {
        const answer = await readers.post(urls[place], await headersOf[place](), list);
        return answer.startsWith('{"data":{"products":[{') && answer.split('"_id":').length === wanted + 1;
      };
      try {
        const figures = await runSlice(send, { connections, seconds, cpuMs: shop.cpuMs });
        const written = await writes?.stop();
        return { ...figures, failed: figures.failed + (written?.failed ?? 0) };
      } catch (error) {
        await writes?.stop();
        throw error;
      }
    },
    close() {
      readers.close();
      admin.close();
    },
  };
}
