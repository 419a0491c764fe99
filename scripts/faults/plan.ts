import type { Random } from './stage.ts';

export interface PlannedLine {
  product: number;
  quantity: number;
}

/** What one client does; users, products and placements go by their index. */
export type Step =
  | {
      kind: 'place';
      placement: number;
      user: number;
      key: string | null;
      lines: PlannedLine[];
      waitMs: number;
    }
  /** The same order once more under its key, perhaps while the first is still on its way. */
  | { kind: 'repeat'; placement: number }
  | { kind: 'cancel'; placement: number }
  | { kind: 'restock'; product: number; delta: number };

export interface Plan {
  /** The stock of each product before the first order; the first product is the hot one. */
  stock: number[];
  steps: Step[];
}

export const userCount = 4;
const productCount = 13;
const hotProduct = 0;

/** A load with `orders` placements, so that some stock runs out and some does not. Pure: the random row decides. */
export function planLoad(random: Random, orders: number): Plan {
  const steps: Step[] = [];
  for (let placement = 0; placement < orders; placement += 1) {
    steps.push(planPlacement(random, placement));
    const chance = random.below(100);
    const earlier = random.below(placement + 1);
    if (chance < 12) steps.push({ kind: 'repeat', placement: earlier });
    else if (chance < 24) steps.push({ kind: 'cancel', placement: earlier });
    else if (chance < 29) {
      steps.push({ kind: 'restock', product: random.below(productCount), delta: 1 + random.below(5) });
    }
  }
  // Of the hot product there is enough for about half of those who want it, of the others for most.
  const stock = Array.from({ length: productCount }, (_, product) =>
    product === hotProduct ? Math.ceil(orders / 3) : Math.ceil(orders / 12) + random.below(10),
  );
  return { stock, steps };
}

function planPlacement(random: Random, placement: number): Step {
  const user = random.below(userCount);
  const key = random.below(100) < 70 ? `order ${placement}` : null;
  const waitMs = random.below(100) < 20 ? 500 : 0;
  return { kind: 'place', placement, user, key, lines: planLines(random), waitMs };
}

function planLines(random: Random): PlannedLine[] {
  const kind = random.below(100);
  const quantity = () => 1 + random.below(2);
  if (kind < 40) return [{ product: hotProduct, quantity: quantity() }];
  const count = kind < 70 ? 1 : 2 + random.below(4);
  const products = new Set(Array.from({ length: count }, () => random.below(productCount)));
  return [...products].map((product) => ({ product, quantity: quantity() }));
}
