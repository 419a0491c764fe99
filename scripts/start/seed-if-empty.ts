import { seedShop } from '../seed/seed-shop.ts';

/** Gives an empty shop the demo catalogue, so that the first query has something to show. */
export async function seedIfEmpty(shop: { url: string; apiSecret: string }): Promise<void> {
  const answer = await fetch(shop.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-api-key': shop.apiSecret },
    body: JSON.stringify({ query: '{ products(first: 1) { _id } }' }),
  });
  const { data } = (await answer.json()) as { data?: { products?: unknown[] | null } };
  if (data?.products?.length !== 0) return;
  const report = (line: string) => console.log(line);
  await seedShop({ ...shop, onProgress: report });
}
