import { expect, test } from 'vitest';
import { planLoad } from './plan.ts';
import { createRandom } from './random.ts';

const planOf = (seed: number, orders = 200) => planLoad(createRandom(seed), orders);

test('a seed repeats its load; another seed gives another', () => {
  expect(planOf(7)).toEqual(planOf(7));
  expect(planOf(8)).not.toEqual(planOf(7));
});

test('it has what the protocol must withstand: single and multi-line orders, repeated keys, cancels, restocks', () => {
  const { steps, stock } = planOf(1);
  const placed = steps.filter((step) => step.kind === 'place');
  expect(placed).toHaveLength(200);
  expect(placed.filter(({ lines }) => lines.length > 1).length).toBeGreaterThan(20);
  expect(placed.filter(({ lines }) => lines.length === 1).length).toBeGreaterThan(80);
  for (const kind of ['repeat', 'cancel', 'restock']) {
    expect(steps.filter((step) => step.kind === kind).length).toBeGreaterThan(3);
  }
  expect(placed.some(({ key }) => key === null)).toBe(true);
  expect(placed.every(({ lines }) => lines.every(({ product }) => product < stock.length))).toBe(true);
});

test('the hot product runs out, most others do not', () => {
  const { steps, stock } = planOf(1);
  const wanted = stock.map(() => 0);
  for (const step of steps) {
    if (step.kind === 'place') for (const line of step.lines) wanted[line.product]! += line.quantity;
  }
  expect(wanted[0]).toBeGreaterThan(stock[0]!);
});

test('no step comes before the placement that it is about', () => {
  const { steps } = planOf(3);
  let placed = 0;
  for (const step of steps) {
    if (step.kind === 'place') placed += 1;
    else if (step.kind !== 'restock') expect(step.placement).toBeLessThan(placed);
  }
});
