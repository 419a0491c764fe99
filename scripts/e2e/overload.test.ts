import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { adminOf, type Client, createProduct, registerUser, type ShopAccess, type User } from './client.ts';
import { placeOrder, untilAllDecided } from './orders.ts';
import { endAllShops, temporaryFolder } from './shop-process.ts';

const loadMs = 60_000;
/** By then caches are warm and code is compiled. */
const warmAfterMs = 10_000;
/** The shop has 4 places and each request needs one for at least 400 ms: five times what it can answer, and a little. */
const requestsPerSecond = 52;
/** More than the places by far; this process, too, works on a bounded number at once. */
const maxRunning = 100;
const checkEveryMs = 1_000;
/** V8 leaves garbage lying as long as it may take more memory: within bounds, what it holds is what is needed. */
const execArgv = [
  '--disable-warning=ExperimentalWarning',
  '--max-old-space-size=128',
  '--max-semi-space-size=4',
];

let child: ChildProcess;
let shop: ShopAccess & { subgraphs: string[] };
let admin: Client;
let user: User;
let tea: string;
let isOver = false;

beforeAll(async () => {
  child = fork(fileURLToPath(new URL('overloaded-shop.ts', import.meta.url)), [temporaryFolder()], {
    execArgv,
  });
  [shop] = await once(child, 'message');
  admin = adminOf(shop);
  user = await registerUser(shop);
  tea = await createProduct(shop, { quantity: 100_000 });
});
afterAll(async () => {
  isOver = true;
  child.kill('SIGKILL');
  await endAllShops();
});

const place = `mutation ($id: String!, $waitMs: Int) {
  placeOrder(products: [{ _id: $id, quantity: 1 }], waitMs: $waitMs) { _id } }`;
const read = '{ products(first: 5) { name images { url } } }';

/** What came of the requests: numbers, and which orders were acknowledged. */
interface Outcome {
  sent: number;
  answered: number;
  refused: number;
  wrong: unknown[];
  orders: string[];
}

/** One request; every second one is an order, and some of these wait. */
async function request(n: number, outcome: Outcome): Promise<void> {
  outcome.sent++;
  const asking = n % 2 === 0 ? user.ask(place, { id: tea, waitMs: n % 4 === 0 ? 5_000 : 0 }) : user.ask(read);
  const { data, errors } = await asking;
  const order = (data as { placeOrder?: { _id: string } } | null)?.placeOrder;
  if (order) outcome.orders.push(order._id);
  if (errors.length === 0) outcome.answered++;
  else if (errors.every(isRefusal)) outcome.refused++;
  else outcome.wrong.push(errors);
}

function isRefusal({ extensions }: { extensions: { code: string; retryAfterSeconds?: number } }): boolean {
  return extensions.code === 'SERVICE_UNAVAILABLE' && extensions.retryAfterSeconds === 1;
}

async function rss(): Promise<number> {
  child.send('memory');
  const [answer] = await once(child, 'message');
  return (answer as NodeJS.MemoryUsage).rss;
}

async function expectHealthy(): Promise<void> {
  for (const origin of [shop.url, ...shop.subgraphs]) {
    for (const path of ['/livez', '/readyz']) expect((await fetch(origin + path)).status).toBe(200);
  }
}

/** Sends requests evenly for `loadMs`, whatever is answered, and lets all be answered. */
async function push(): Promise<Outcome> {
  const outcome: Outcome = { sent: 0, answered: 0, refused: 0, wrong: [], orders: [] };
  const running = new Set<Promise<void>>();
  const startedAtMs = performance.now();
  for (let passedMs = 0; passedMs < loadMs && !isOver; passedMs = performance.now() - startedAtMs) {
    while (outcome.sent < (passedMs / 1_000) * requestsPerSecond && running.size < maxRunning) {
      const one: Promise<void> = request(outcome.sent, outcome)
        .catch((error) => outcome.wrong.push(error))
        .then(() => void running.delete(one));
      running.add(one);
    }
    await sleep(10);
  }
  await Promise.all(running);
  return outcome;
}

test('pushed to five times its capacity for a minute it keeps its memory, and recovers by itself', async () => {
  const pushing = push();
  const startedAtMs = performance.now();
  const memory: { atMs: number; bytes: number }[] = [];
  while (performance.now() - startedAtMs < loadMs - checkEveryMs) {
    await expectHealthy();
    memory.push({ atMs: performance.now() - startedAtMs, bytes: await rss() });
    await sleep(checkEveryMs);
  }
  const { sent, answered, refused, wrong, orders } = await pushing;
  expect(wrong).toEqual([]);
  expect(answered + refused).toBe(sent);
  expect(sent).toBeGreaterThanOrEqual(5 * answered);
  // Not only at the beginning: one request in a second at least.
  expect(answered).toBeGreaterThan(loadMs / 1_000);
  const warm = memory.find(({ atMs }) => atMs >= warmAfterMs)!;
  expect(memory.at(-1)!.bytes / warm.bytes).toBeLessThan(1.5);

  const { products } = await user.get<{ products: unknown[] }>(read);
  expect(products).toHaveLength(1);
  const decided = new Set((await untilAllDecided(admin)).map(({ _id }) => _id));
  expect(orders.filter((id) => !decided.has(id))).toEqual([]);
  const again = await placeOrder(user, [{ _id: tea, quantity: 1 }], { waitMs: 10_000 });
  expect(again.status).toBe('CONFIRMED');
}, 150_000);
