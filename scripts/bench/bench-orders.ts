import { interleave, type Variant } from './interleave.ts';
import type { BenchOptions } from './options.ts';
import { createCustomers, shapes } from './orders-load.ts';
import { addProcesses, compareProcesses, maxProductsProcesses } from './products-processes.ts';
import type { Servers } from './servers.ts';
import { type BenchShop, type Print, startCluster, startEmbeddedShop, withShops } from './shops.ts';
import { type Result, ratioOf } from './table.ts';

const [spread, hot, spreadMany, hotMany] = shapes.map(({ what }) => what) as [string, string, string, string];

/** Orders per second to CONFIRMED: each order is placed with waitMs and counts when it is answered CONFIRMED. */
export async function benchOrders(
  options: BenchOptions,
  print: Print,
  openServers: () => Promise<Servers>,
): Promise<Result> {
  const result: Result = { unit: 'orders', rows: [], ratios: [] };
  if (options.targets.includes('embedded')) {
    const { small, large } = options.catalogue;
    await withShops([() => startEmbeddedShop(small, print), () => startEmbeddedShop(large, print)], (shops) =>
      compareShops('embedded', shops, { result, options, print }),
    );
  }
  if (options.targets.includes('real')) {
    const servers = await openServers();
    try {
      await benchOnServers(servers, result, options, print);
    } finally {
      await servers.close();
    }
  }
  return result;
}

async function benchOnServers(servers: Servers, result: Result, options: BenchOptions, print: Print) {
  const { small, large } = options.catalogue;
  const counts = { products: maxProductsProcesses };
  const later = ['products.2', 'products.3'];
  const cluster = (name: string, products: number) => () =>
    startCluster({ servers, name, counts, products, later }, print);
  await withShops([cluster('small', small), cluster('large', large)], async (shops) => {
    await compareShops('real', shops, { result, options, print });
    addProcesses(result, await compareProcesses(shops[0]!, options, print));
  });
}

interface Bench {
  result: Result;
  options: BenchOptions;
  print: Print;
}

/** The catalogues with one shape, then, with the large one gone, all shapes on the small one. */
async function compareShops(on: string, [small, large]: BenchShop[], bench: Bench): Promise<void> {
  await compareCatalogues(on, [small!, large!], bench);
  await large!.close();
  await compareShapes(on, small!, bench);
}

/** By themselves: both shops have done the same whenever they are compared. */
async function compareCatalogues(on: string, shops: BenchShop[], bench: Bench): Promise<void> {
  const { small, large } = bench.options.catalogue;
  const [ofSmall, ofLarge] = [small, large].map((count) => `${spread}, of ${count} products`) as [
    string,
    string,
  ];
  const customers = await Promise.all(shops.map((shop) => createCustomers(shop, bench.options.connections)));
  const variants = [ofSmall, ofLarge].map((name, n) => ({
    name,
    run: (seconds: number) => customers[n]!.place(shapes[0]!.shape, seconds),
  }));
  try {
    await compare(on, variants, bench, [[`${large} / ${small} products`, ofLarge, ofSmall, 0.9]]);
  } finally {
    for (const each of customers) each.close();
  }
}

async function compareShapes(on: string, shop: BenchShop, bench: Bench): Promise<void> {
  const customers = await createCustomers(shop, bench.options.connections);
  const variants = shapes.map(({ what, shape }) => ({
    name: what,
    run: (seconds: number) => customers.place(shape, seconds),
  }));
  try {
    await compare(on, variants, bench, [
      ['hot / spread, 1 line', hot, spread, 1],
      ['hot / spread, 10 lines', hotMany, spreadMany, 1],
      ['10 lines / 1 line', spreadMany, spread],
    ]);
  } finally {
    customers.close();
  }
}

async function compare(
  on: string,
  variants: Variant[],
  { result, options, print }: Bench,
  ratios: [what: string, a: string, b: string, atLeast?: number][],
): Promise<void> {
  const figures = await interleave(variants, { ...options, print });
  for (const [what, of] of figures) result.rows.push({ on, what, figures: of });
  for (const [what, a, b, atLeast] of ratios) {
    result.ratios.push(ratioOf(on, what, [figures.get(a), figures.get(b)], atLeast));
  }
}
