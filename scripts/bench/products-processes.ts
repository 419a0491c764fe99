import { untilReady } from '../start/until-ready.ts';
import type { Figures } from './figures.ts';
import { interleave, type Variant } from './interleave.ts';
import type { BenchOptions } from './options.ts';
import { createCustomers, shapes } from './orders-load.ts';
import type { BenchShop, Print } from './shops.ts';
import { type Result, ratioOf } from './table.ts';

export const maxProductsProcesses = 3;
const settleSeconds = 3;
const processesName = (count: number, what: string) => `${count} Products processes: ${what}`;

/** Up to three Products processes and back, in the same cluster. */
export async function compareProcesses(
  shop: BenchShop,
  options: BenchOptions,
  print: Print,
): Promise<Map<string, Figures>> {
  const customers = await createCustomers(shop, options.connections);
  const variants: Variant[] = [];
  for (let count = 1; count <= maxProductsProcesses; count += 1) {
    for (const { what, shape } of shapes.slice(0, 2)) {
      const run = async (seconds: number) => {
        const isChanged = await changeProcesses(shop, count, print);
        // The partitions are dealt anew under this load.
        if (isChanged) await customers.place(shape, settleSeconds);
        return customers.place(shape, seconds);
      };
      variants.push({ name: processesName(count, what), run });
    }
  }
  try {
    return await interleave(variants, { ...options, print });
  } finally {
    customers.close();
  }
}

async function changeProcesses(shop: BenchShop, count: number, print: Print): Promise<boolean> {
  const { supervisor, members } = shop;
  let isChanged = false;
  for (let n = 2; n <= maxProductsProcesses; n += 1) {
    const member = members.find(({ name }) => name === `products.${n}`)!;
    const isThere = supervisor.processOf(member.name) !== undefined;
    if (isThere === n <= count) continue;
    isChanged = true;
    if (isThere) await supervisor.remove(member.name);
    else supervisor.add(member);
  }
  if (!isChanged) return false;
  const products = members.filter(({ part, name }) => part === 'products' && Number(name.at(-1)) <= count);
  await untilReady(products, print);
  return true;
}

export function addProcesses(result: Result, figures: Map<string, Figures>): void {
  for (const [what, of] of figures) result.rows.push({ on: 'real', what, figures: of });
  for (const { what } of shapes.slice(0, 2)) {
    for (let count = 2; count <= maxProductsProcesses; count += 1) {
      const pair = [count, 1].map((each) => figures.get(processesName(each, what)));
      result.ratios.push(ratioOf('real', `${count} / 1 Products processes, ${what}`, [pair[0], pair[1]]));
    }
  }
}
