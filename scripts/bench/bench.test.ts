import { afterAll, describe, expect, test } from 'vitest';
import { benchOrders } from './bench-orders.ts';
import { benchReads } from './bench-reads.ts';
import { quantileMs, rateOf } from './figures.ts';
import { type BenchOptions, readOptions } from './options.ts';
import { type Result, toJson, toMarkdown } from './table.ts';

const tiny: BenchOptions = {
  targets: ['embedded'],
  seconds: 1,
  rounds: 1,
  connections: 4,
  catalogue: { small: 20, large: 40 },
  servers: 'started',
  json: undefined,
};
const printed: string[] = [];
const print = (line: string) => void printed.push(line);
const noServers = () => Promise.reject(new Error('no server is needed'));

afterAll(() => expect(printed.join('\n')).toMatch(/round 1 of 1/));

/** Numbers that such a run can have: something was done, nothing failed, in a time that makes sense. */
function expectSane({ rows, ratios }: Result, whats: RegExp[]): void {
  expect(rows.map(({ what }) => what)).toEqual(whats.map((what) => expect.stringMatching(what)));
  for (const { on, figures } of rows) {
    expect(on).toBe('embedded');
    expect(figures.failed).toBe(0);
    expect(rateOf(figures)).toBeGreaterThan(0);
    expect(figures.answered).toBeGreaterThanOrEqual(figures.counted);
    const [p50, p99] = [quantileMs(figures, 0.5), quantileMs(figures, 0.99)];
    expect(p50).toBeGreaterThan(0);
    expect(p99).toBeGreaterThanOrEqual(p50);
    expect(p99).toBeLessThan(10_000);
  }
  for (const { value } of ratios) expect(value).toBeGreaterThan(0);
}

describe('a bench starts a shop, measures it and tells of it', () => {
  test('orders', async () => {
    const result = await benchOrders(tiny, print, noServers);
    expectSane(result, [
      /^spread, 1 line, of 20 products$/,
      /^spread, 1 line, of 40 products$/,
      /^spread, 1 line$/,
      /^one hot product, 1 line$/,
      /^spread, 10 lines$/,
      /^one hot product, 10 lines$/,
    ]);
    expect(toMarkdown(result)).toMatch(/^\| embedded +\| one hot product, 1 line +\| \d+ /m);
    expect(JSON.parse(toJson(result)).figures).toHaveLength(6);
  }, 120_000);

  test('reads', async () => {
    const result = await benchReads(tiny, print, noServers);
    const places = ['the router', 'the subgraph'];
    expectSane(
      result,
      places.flatMap((place) =>
        [0, 100].flatMap((writes) =>
          ['cached', 'uncached'].map((how) => new RegExp(`^${how}, at ${place}, ${writes} writes/s$`)),
        ),
      ),
    );
    expect(toMarkdown(result)).toMatch(/^\| embedded +\| cached \/ uncached, at the router, 0 writes/m);
  }, 120_000);
});

test('options: both targets unless one is named, and what is wrong is said', () => {
  expect(readOptions('bench:orders', [])).toMatchObject({
    targets: ['embedded', 'real'],
    servers: 'started',
  });
  expect(readOptions('bench:orders', ['--real', '--quick', '--seconds', '9'])).toMatchObject({
    targets: ['real'],
    seconds: 9,
  });
  for (const wrong of [['--seconds', '0'], ['--servers', 'mine'], ['--fast']]) {
    expect(readOptions('bench:orders', wrong)).toMatch(/Usage: npm run bench:orders/);
  }
});
