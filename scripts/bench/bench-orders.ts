import type { Figures } from './figures.ts';
import { interleave, type Variant } from './interleave.ts';
import type { BenchOptions } from './options.ts';
import { createCustomers, shapes } from './orders-load.ts';
import { addProcesses, compareProcesses, maxProductsProcesses } from './products-processes.ts';
import type { Servers } from './servers.ts';
import { type BenchShop, type Print, startCluster, startEmbeddedShop, withShops } from './shops.ts';
import { type Ratio, type Result, ratioOf } from './table.ts';

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
    await withShops(
      [() => startEmbeddedShop(small, print), () => startEmbeddedShop(large, print)],
      async (shops) => add(result, 'embedded', await compareShapes(shops, options, print), options),
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
  const counts = { users: 1, products: maxProductsProcesses, orders: 1, images: 1 };
  const later = ['products.2', 'products.3'];
  const cluster = (name: string, products: number) => () =>
    startCluster({ servers, name, counts, products, later }, print);
  await withShops([cluster('small', small), cluster('large', large)], async (shops) => {
    add(result, 'real', await compareShapes(shops, options, print), options);
    await shops[1]?.close();
    addProcesses(result, await compareProcesses(shops[0]!, options, print));
  });
}

/** All shapes on the small catalogue, and the first on the large one. */
async function compareShapes(
  [small, large]: BenchShop[],
  options: BenchOptions,
  print: Print,
): Promise<Map<string, Figures>> {
  const customers = await createCustomers(small!, options.connections);
  const ofLarge = await createCustomers(large!, options.connections);
  const variants: Variant[] = shapes.map(({ what, shape }) => ({
    name: what,
    run: (seconds) => customers.place(shape, seconds),
  }));
  variants.splice(1, 0, {
    name: largeName(options),
    run: (seconds) => ofLarge.place(shapes[0]!.shape, seconds),
  });
  try {
    return await interleave(variants, { ...options, print });
  } finally {
    customers.close();
    ofLarge.close();
  }
}

const largeName = ({ catalogue }: BenchOptions) => `${spread}, of ${catalogue.large} products`;

function add(result: Result, on: string, figures: Map<string, Figures>, options: BenchOptions): void {
  for (const [what, of] of figures) result.rows.push({ on, what, figures: of });
  const compare = (what: string, a: string, b: string, atLeast?: number): Ratio =>
    ratioOf(on, what, [figures.get(a), figures.get(b)], atLeast);
  const { small, large } = options.catalogue;
  result.ratios.push(
    compare('hot / spread, 1 line', hot, spread, 1),
    compare('hot / spread, 10 lines', hotMany, spreadMany, 1),
    compare(`${large} / ${small} products`, largeName(options), spread, 0.9),
    compare('10 lines / 1 line', spreadMany, spread),
  );
}
