import { fileURLToPath } from 'node:url';
import type { Member } from '../cluster/layout.ts';
import { interleave, type Variant } from './interleave.ts';
import type { BenchOptions } from './options.ts';
import { createReaders, type Place } from './reads-load.ts';
import type { Servers } from './servers.ts';
import { type BenchShop, type Print, startCluster, startEmbeddedShop, withShops } from './shops.ts';
import { type Result, ratioOf } from './table.ts';

const places: Place[] = ['router', 'products'];
const writeRates = [0, 100];
const nameOf = (place: Place, writes: number, isCached: boolean) =>
  `${isCached ? 'cached' : 'uncached'}, at ${place === 'router' ? 'the router' : 'the subgraph'}, ${writes} writes/s`;

/**
 * Pages of the product list per second, cached and uncached (the same Products with a cache that holds nothing), with
 * and without changes of products meanwhile, read through the router and at the subgraph itself.
 */
export async function benchReads(
  options: BenchOptions,
  print: Print,
  openServers: () => Promise<Servers>,
): Promise<Result> {
  const result: Result = { unit: 'lists', rows: [], ratios: [] };
  const { small } = options.catalogue;
  if (options.targets.includes('embedded')) {
    const starts = (['whole-shop.ts', 'uncached-shop.ts'] as const).map(
      (script) => () => startEmbeddedShop(small, print, script),
    );
    await withShops(starts, async ([cached, uncached]) =>
      compare('embedded', { cached: cached!, uncached: uncached! }, { options, print, result }),
    );
  }
  if (options.targets.includes('real')) {
    const servers = await openServers();
    const counts = {};
    const start = () =>
      startCluster({ servers, name: 'reads', counts, products: small, besides: uncachedMembers }, print);
    try {
      await withShops([start], async ([cached]) =>
        compare('real', { cached: cached!, uncached: throughUncached(cached!) }, { options, print, result }),
      );
    } finally {
      await servers.close();
    }
  }
  return result;
}

/** A further Products process without a cache, on the same database, and a router that asks it. */
function uncachedMembers(layout: Member[], freePort: () => number): Member[] {
  const named = (part: string) => layout.find((member) => member.part === part)!;
  const at = (member: Member, port: number): Member => ({
    ...member,
    name: `${member.part}.uncached`,
    url: `http://${new URL(member.url).hostname}:${port}`,
    variables: { ...member.variables, PORT: `${port}` },
  });
  const script = fileURLToPath(new URL('uncached-products.ts', import.meta.url));
  const products = { ...at(named('products'), freePort()), script };
  const router = at(named('router'), freePort());
  const variables = { ...router.variables, PRODUCTS_URL: `${products.url}/graphql` };
  return [products, { ...router, variables }];
}

function throughUncached(shop: BenchShop): BenchShop {
  const urlOf = (name: string) => shop.members.find((member) => member.name === name)!.url;
  return { ...shop, url: urlOf('router.uncached'), productsUrl: urlOf('products.uncached') };
}

async function compare(
  on: string,
  shops: { cached: BenchShop; uncached: BenchShop },
  { options, print, result }: { options: BenchOptions; print: Print; result: Result },
): Promise<void> {
  const cached = createReaders(shops.cached, options.connections);
  const uncached = createReaders(shops.uncached, options.connections);
  const variants: Variant[] = places.flatMap((place) =>
    writeRates.flatMap((writes) =>
      [true, false].map((isCached) => ({
        name: nameOf(place, writes, isCached),
        run: (seconds: number) => (isCached ? cached : uncached).read(place, writes, seconds),
      })),
    ),
  );
  try {
    const figures = await interleave(variants, { ...options, print });
    for (const [what, of] of figures) result.rows.push({ on, what, figures: of });
    for (const place of places) {
      for (const writes of writeRates) {
        const pair = [true, false].map((isCached) => figures.get(nameOf(place, writes, isCached)));
        const what = nameOf(place, writes, true).replace('cached', 'cached / uncached');
        // The list is cached in the subgraph: there the cache has to pay. What the router does is in both figures.
        result.ratios.push(ratioOf(on, what, [pair[0], pair[1]], place === 'products' ? 5 : undefined));
      }
    }
  } finally {
    cached.close();
    uncached.close();
  }
}
