import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Counts } from '../cluster/config.ts';
import { countProcesses, layOut, type Member } from '../cluster/layout.ts';
import { type Supervisor, startSupervisor } from '../cluster/supervisor.ts';
import { type AsRouter, asRouterWith } from '../e2e/as-router.ts';
import { freePorts } from '../e2e/free-ports.ts';
import { newRouterSecret } from '../start/own-router.ts';
import { subgraphNames } from '../start/subgraph-names.ts';
import { untilReady } from '../start/until-ready.ts';
import { fillCatalogue } from './catalogue.ts';
import { cpuMsOf } from './cpu-time.ts';
import type { Servers } from './servers.ts';

/** A shop that runs for a bench, in processes of its own. */
export interface BenchShop {
  /** The router's origin. */
  url: string;
  /** The first Products process's origin. */
  productsUrl: string;
  apiSecret: string;
  productIds: string[];
  supervisor: Supervisor;
  /** Its processes, or those that it may yet get. */
  members: Member[];
  /** What lets a bench ask a subgraph itself. */
  asRouter: AsRouter;
  /** The CPU time that its processes have used so far. */
  cpuMs(): number;
  close(): Promise<void>;
}

export type Print = (line: string) => void;

const host = '127.0.0.1';
const apiSecret = 'a secret of the benches';
const routerSecret = newRouterSecret();
const secrets = {
  ROUTER_SECRET: routerSecret,
  API_SECRET: apiSecret,
  KEYS_SECRET: 'a secret of the benches for signing keys',
};
const scriptNamed = (name: string) => fileURLToPath(new URL(name, import.meta.url));

/** The whole shop in one process on the embedded adapters, `uncached` with a cache that holds nothing. */
export async function startEmbeddedShop(
  products: number,
  print: Print,
  script: 'whole-shop.ts' | 'uncached-shop.ts' = 'whole-shop.ts',
): Promise<BenchShop> {
  const dataDir = mkdtempSync(join(tmpdir(), 'shop-bench-'));
  const port = await freePorts(1 + subgraphNames.length);
  const productIds = await fillCatalogue(
    { uri: undefined, database: 'shop_products', dataDir },
    products,
    print,
  );
  const url = `http://${host}:${port}`;
  const variables = { PORT: `${port}`, DATA_DIR: dataDir };
  const shop: Member = { name: 'shop', part: 'router', url, variables, script: scriptNamed(script) };
  const parts = subgraphNames.map((name, n) => ({ name, url: `http://${host}:${port + 1 + n}` }));
  const started = await start([shop], { parts: [shop, ...parts], environment: {}, print });
  return {
    ...started,
    url,
    productsUrl: `http://${host}:${port + 2}`,
    productIds,
    async close() {
      await started.supervisor.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

export interface ClusterOptions {
  servers: Servers;
  /** Tells the data of this cluster from that of others of the run. */
  name: string;
  counts: Counts;
  products: number;
  /** Names of members that are started later, by the supervisor. */
  later?: string[];
  /** Members besides those of the layout; `freePort` is one more port for each. */
  besides?: (layout: Member[], freePort: () => number) => Member[];
}

const maxBesides = 4;

/** Every part its own process on real servers. */
export async function startCluster(options: ClusterOptions, print: Print): Promise<BenchShop> {
  const { servers, name, counts, products, later = [], besides = () => [] } = options;
  const prefix = `${servers.prefix}${name}_`;
  const database = `${prefix}products`;
  const productIds = await fillCatalogue({ uri: servers.mongodbUri, database, dataDir: '' }, products, print);
  const processes = countProcesses(counts);
  const port = await freePorts(processes + maxBesides);
  let nextPort = port + processes;
  const layout = layOut(counts, { host, port });
  const members = [...layout, ...besides(layout, () => nextPort++)];
  const environment = {
    MONGODB_URI: servers.mongodbUri,
    KAFKA_BROKERS: servers.kafkaBrokers,
    REDIS_URL: servers.redisUrl,
    DATABASE_PREFIX: prefix,
    TOPIC_PREFIX: prefix,
  };
  const now = members.filter((member) => !later.includes(member.name));
  const started = await start(now, { supervised: members, parts: now, environment, print });
  return {
    ...started,
    members,
    url: `http://${host}:${port}`,
    productsUrl: `http://${host}:${port + 2}`,
    productIds,
    close: async () => void (await started.supervisor.stop()),
  };
}

async function start(
  members: Member[],
  options: {
    supervised?: Member[];
    parts: { name: string; url: string }[];
    environment: NodeJS.ProcessEnv;
    print: Print;
  },
) {
  const { supervised = members, parts, print } = options;
  const { PATH, HOME, NODE_OPTIONS } = process.env;
  const own = { PATH, HOME, NODE_OPTIONS, LOG_LEVEL: 'warn', ...secrets };
  // What a shop says while it starts is of no interest; a warning is.
  const say = (line: string) => /"level":[4-6]0/.test(line) && print(line);
  const supervisor = startSupervisor(members, {
    environment: { ...own, ...options.environment },
    print: say,
  });
  try {
    await untilReady(parts, print);
  } catch (error) {
    await supervisor.stop();
    throw error;
  }
  const cpuMs = () => cpuMsOf(supervised.map(({ name }) => supervisor.processOf(name)));
  return { apiSecret, asRouter: asRouterWith(routerSecret), supervisor, members, cpuMs };
}

/** Runs with these shops, started one after the other, and closes them. */
export async function withShops(
  starts: (() => Promise<BenchShop>)[],
  use: (shops: BenchShop[]) => Promise<void>,
): Promise<void> {
  const shops: BenchShop[] = [];
  try {
    for (const start of starts) shops.push(await start());
    await use(shops);
  } finally {
    await Promise.all(shops.map((shop) => shop.close()));
  }
}
