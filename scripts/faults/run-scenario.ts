import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { type AsRouter, asRouterWith } from '../e2e/as-router.ts';
import { createProduct, registerUser, type User } from '../e2e/client.ts';
import { upTo } from '../e2e/in-parallel.ts';
import { newRouterSecret } from '../start/own-router.ts';
import { type Ask, createAsk } from './client.ts';
import { findViolations } from './evidence.ts';
import { Ledger } from './ledger.ts';
import { playLoad } from './load.ts';
import { type Network, startNetwork } from './network.ts';
import { planLoad, userCount } from './plan.ts';
import { type RunningProcesses, startProcesses } from './processes.ts';
import { untilQuiet } from './quiet.ts';
import { createRandom } from './random.ts';
import { readProducts } from './readers.ts';
import type { Servers } from './servers.ts';
import type { Scenario, Stage } from './stage.ts';
import { openStores, type Stores } from './stores.ts';
import type { Run } from './table.ts';

export interface ScenarioOptions {
  seeds: number[];
  /** Placements in each run, unless the scenario needs more. */
  orders: number;
  /** A guard of the protocol to take out, to see that it is missed. */
  without?: string;
  logFile: string;
  say(text: string): void;
  /** Told of each run when it is over. */
  onRun(run: Run): void;
}

const apiSecret = 'a secret of the fault campaign';

/** One cluster, on databases and topics of its own, and what its clients remember. */
interface Shop {
  processes: RunningProcesses;
  asRouter: AsRouter;
  stores: Stores;
  network: Network | null;
  servers: Servers;
  ledger: Ledger;
  ask: Ask;
  users: User[];
  /** Violations of earlier runs: told once. */
  known: Set<string>;
  runs: number;
}

/** Plays a scenario with each seed against one cluster of its own. Rejects when that cannot go on. */
export async function runScenario(
  scenario: Scenario,
  servers: Servers,
  options: ScenarioOptions,
): Promise<void> {
  // Whatever has been opened is closed, however far it got.
  await using opened = new AsyncDisposableStack();
  const shop = await openShop(scenario, servers, options, opened);
  for (const seed of options.seeds) options.onRun(await playOnce(scenario, seed, shop, options));
}

async function openShop(
  scenario: Scenario,
  servers: Servers,
  options: ScenarioOptions,
  opened: AsyncDisposableStack,
): Promise<Shop> {
  const prefix = `faults_${randomBytes(4).toString('hex')}_`;
  const network = scenario.network ? await startNetwork(servers) : null;
  opened.defer(() => network?.stop());
  const routerSecret = newRouterSecret();
  const processes = await startProcesses({
    scenario,
    environment: {
      PATH: process.env.PATH ?? '',
      HOME: process.env.HOME ?? '',
      API_SECRET: apiSecret,
      ROUTER_SECRET: routerSecret,
      KEYS_SECRET: 'a secret of the fault campaign for keys',
      DATABASE_PREFIX: prefix,
      TOPIC_PREFIX: prefix,
      LOG_LEVEL: 'info',
      ...(options.without && { FAULT_WITHOUT: options.without }),
    },
    variablesOf: (part) => network?.variables(part) ?? servers.uris,
    logFile: options.logFile,
  });
  opened.defer(() => processes.stop());
  const { MONGODB_URI: mongodbUri, KAFKA_BROKERS } = servers.uris;
  const stores = await openStores({ mongodbUri, brokers: KAFKA_BROKERS.split(','), prefix });
  opened.defer(() => stores.close());
  const [url = ''] = processes.routers;
  return {
    processes,
    asRouter: asRouterWith(routerSecret),
    stores,
    network,
    servers,
    ledger: new Ledger(),
    ask: createAsk(processes.routers),
    users: await Promise.all(upTo(userCount).map(() => registerUser({ url }))),
    known: new Set(),
    runs: 0,
  };
}

async function playOnce(
  scenario: Scenario,
  seed: number,
  shop: Shop,
  options: ScenarioOptions,
): Promise<Run> {
  const { ledger, processes, stores } = shop;
  const before = { acknowledged: ledger.acknowledged.length, unavailable: ledger.unavailable.length };
  const productIds = await playFault(scenario, seed, shop, options);
  await shop.network?.heal();
  await processes.untilReady().catch((error) => ledger.problem(error.message));
  const quiet = await untilQuiet(stores);
  shop.runs += 1;
  const unavailable = ledger.unavailable.slice(before.unavailable);
  if (unavailable.length > 0 && !scenario.mayRefuse) {
    ledger.problem(`with seed ${seed} failed at both attempts: ${unavailable.join(', ')}`);
  }
  const deadLetters = (scenario.deadLetters ?? 0) * shop.runs;
  const orders = await stores.orders();
  const found = await findViolations({ shop, productIds, orders, deadLetters });
  if (quiet.kind === 'busy') found.push(`never quiet: ${quiet.left}`);
  const acknowledged = new Set(ledger.acknowledged.slice(before.acknowledged).map(({ orderId }) => orderId));
  const open = orders.filter(({ _id, status }) => status === 'PENDING' && acknowledged.has(_id));
  return {
    scenario: scenario.name,
    seed,
    acknowledged: acknowledged.size,
    decided: acknowledged.size - open.length,
    quietAfterMs: quiet.kind === 'quiet' ? quiet.afterMs : null,
    unavailable: unavailable.length,
    violations: news(found.concat(ledger.problems), shop.known),
  };
}

/** Clients place orders, and the fault comes and goes meanwhile; resolves with the products that they ordered. */
async function playFault(
  scenario: Scenario,
  seed: number,
  shop: Shop,
  options: ScenarioOptions,
): Promise<string[]> {
  const { ask, ledger } = shop;
  const random = createRandom(seed);
  const plan = planLoad(random, Math.max(options.orders, scenario.ordersAtLeast ?? 0));
  const productIds = await stockUp(shop, plan.stock);
  const users = shop.users.map(({ userId, token }) => ({
    userId,
    headers: { authorization: `Bearer ${token}` },
  }));
  const admin = { 'x-api-key': apiSecret };
  const loaded = new AbortController();
  const reading = readProducts({ ask, ledger, productIds, signal: loaded.signal });
  const loading = playLoad({ plan, ask, ledger, productIds, users, admin, overMs: scenario.loadMs });
  await sleep(scenario.loadMs / 4);
  await scenario
    .inject(createStage(shop, random, options))
    .catch((error) => ledger.problem(`the scenario failed: ${error.stack}`));
  await loading;
  loaded.abort();
  await reading;
  return productIds;
}

/** New products for each run, so that its stock is its own. */
async function stockUp({ processes, ledger }: Shop, stock: number[]): Promise<string[]> {
  const [url = ''] = processes.routers;
  const ids: string[] = [];
  for (const [index, quantity] of stock.entries()) {
    const id = await createProduct(
      { url, apiSecret },
      { name: `product ${index}`, price: 10 + index, quantity },
    );
    ledger.stock(id, { atLeast: quantity, atMost: quantity });
    ids.push(id);
  }
  return ids;
}

function createStage(shop: Shop, random: Stage['random'], { say }: ScenarioOptions): Stage {
  const { processes, servers, stores, ledger, network } = shop;
  return {
    processes,
    servers,
    topics: stores.topics,
    random,
    say,
    get network() {
      if (!network) throw new Error('this scenario did not ask for a network');
      return network;
    },
    acknowledged: () => ledger.acknowledged.length,
    pause: (ms) => sleep(ms),
    violation: (text) => ledger.problem(text),
  };
}

function news(found: string[], known: Set<string>): string[] {
  const fresh = [...new Set(found)].filter((violation) => !known.has(violation));
  for (const violation of fresh) known.add(violation);
  return fresh;
}
