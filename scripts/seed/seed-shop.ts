import { setTimeout as sleep } from 'node:timers/promises';
import { type DemoProduct, demoCatalogue } from './demo-catalogue.ts';
import { createShopClient, type ShopClient } from './shop-client.ts';

export interface SeedOptions {
  /** The router's GraphQL endpoint, such as http://127.0.0.1:4000/graphql. */
  url: string;
  apiSecret: string;
  /** Told how far it is, once it has taken two seconds and from then on once a second. */
  onProgress?: (line: string) => void;
}

export interface SeedResult {
  created: number;
  /** Were there already, by name, and were left as they are. */
  skipped: number;
  /** Images added. */
  images: number;
}

/** Products under way at once. */
const concurrency = 4;

/**
 * Adds the demo catalogue to a running shop through its public API: products that are missing by name, and images
 * that are missing by URL. Run again, it adds nothing. Rejects with a message that says what failed.
 */
export async function seedShop({ url, apiSecret, onProgress }: SeedOptions): Promise<SeedResult> {
  const client = createShopClient(url, apiSecret);
  const existing = await readExisting(client);
  const result: SeedResult = { created: 0, skipped: 0, images: 0 };
  const waiting = [...demoCatalogue];
  const worker = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift())
      await seedProduct(client, next, existing, result);
  };
  const done = Promise.all(Array.from({ length: concurrency }, worker));
  if (onProgress) await reportUntil(done, () => onProgress(progressLine(result)));
  await done;
  return result;
}

async function seedProduct(
  client: ShopClient,
  product: DemoProduct,
  existing: Map<string, Existing>,
  result: SeedResult,
): Promise<void> {
  const { images, ...input } = product;
  const found = existing.get(product.name);
  const productId = found?._id ?? (await client.createProduct(input));
  if (found) result.skipped++;
  else result.created++;
  for (const [index, url] of images.entries()) {
    if (found?.urls.has(url)) continue;
    // The first of the list is the one to show first.
    if (await client.createImage({ productId, url, priority: 100 - index })) result.images++;
  }
}

interface Existing {
  _id: string;
  urls: Set<string>;
}

// A demo product that somebody took off sale is there all the same.
async function readExisting(client: ShopClient): Promise<Map<string, Existing>> {
  const existing = new Map<string, Existing>();
  for (const status of ['ACTIVE', 'INACTIVE'] as const) await readAll(client, status, existing);
  return existing;
}

async function readAll(
  client: ShopClient,
  status: 'ACTIVE' | 'INACTIVE',
  existing: Map<string, Existing>,
): Promise<void> {
  // Far more than the demo has: a shop with a real catalogue need not be read to its end.
  const maxPages = 40;
  let after: string | null = null;
  for (let page = 0; page < maxPages; page++) {
    const { nodes, pageInfo } = await client.readPage(status, after);
    for (const { _id, name, images } of nodes) {
      existing.set(name, { _id, urls: new Set((images ?? []).map(({ url }) => url)) });
    }
    if (!pageInfo.hasNextPage) break;
    after = pageInfo.endCursor;
  }
}

async function reportUntil(done: Promise<unknown>, report: () => void): Promise<void> {
  const settled = done.then(
    () => true,
    () => true,
  );
  let pauseMs = 2_000;
  while (!(await Promise.race([settled, sleep(pauseMs, false)]))) {
    report();
    pauseMs = 1_000;
  }
}

function progressLine({ created, skipped, images }: SeedResult): string {
  return `demo catalogue: ${created + skipped} of ${demoCatalogue.length} products, ${images} images added`;
}
