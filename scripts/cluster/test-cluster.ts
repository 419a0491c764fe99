import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { kafkaBrokers, mongodbUri, redisUrl } from '../../subgraphs/shared/test/real-servers.ts';
import { removeRealData } from '../../subgraphs/shared/test/remove-real-data.ts';
import { type AsRouter, asRouterWith } from '../e2e/as-router.ts';
import type { ShopAccess } from '../e2e/client.ts';
import { freePorts } from '../e2e/free-ports.ts';
import { newRouterSecret } from '../start/own-router.ts';
import { untilReady } from '../start/until-ready.ts';
import type { Counts } from './config.ts';
import { countProcesses, layOut, type Member } from './layout.ts';
import { startSupervisor } from './supervisor.ts';

/** A cluster of the test's own, whose processes can be asked and harmed one by one. */
export interface TestCluster extends ShopAccess {
  brokers: string[];
  /** Set before every database, topic and group. */
  prefix: string;
  /** What lets a test ask a subgraph's process itself. */
  asRouter: AsRouter;
  /** The origins of a part's processes, in the order of their names. */
  urlsOf(part: string): string[];
  /** Sends a signal to `products.2`; throws while there is no such process. */
  signal(name: string, signal: NodeJS.Signals): void;
  /** Tells a process to end; resolves when it has. Another takes its place. */
  restart(name: string): Promise<void>;
  /** Resolves once every process says so on /readyz. */
  untilReady(): Promise<void>;
  /** What all processes have printed. */
  output(): string;
  /** Drains all and removes their data; resolves with 0 if every process ended with 0. */
  stop(): Promise<number>;
}

/** What a cluster stands on; null where the tests are told of no real servers. */
export const realServers =
  mongodbUri && kafkaBrokers && redisUrl
    ? { MONGODB_URI: mongodbUri, KAFKA_BROKERS: kafkaBrokers, REDIS_URL: redisUrl }
    : null;

const apiSecret = 'a secret of the cluster tests';
const routerSecret = newRouterSecret();
const secrets = {
  API_SECRET: apiSecret,
  ROUTER_SECRET: routerSecret,
  KEYS_SECRET: 'a secret of the cluster tests for signing keys',
};

export interface TestClusterOptions {
  /** Two Products and two Orders processes unless given. */
  counts?: Counts;
  /** Gives a process other variables, or another script. */
  adapt?: (member: Member) => Member;
  /** What has to happen before any process starts, in databases of this prefix. */
  prepare?: (prefix: string) => Promise<void>;
}

/** Starts the processes; resolves when all are ready. */
export async function startTestCluster(
  servers: NonNullable<typeof realServers>,
  {
    counts = { products: 2, orders: 2 },
    adapt = (member) => member,
    prepare = async () => {},
  }: TestClusterOptions = {},
): Promise<TestCluster> {
  const prefix = `cluster_${randomBytes(5).toString('hex')}_`;
  await prepare(prefix);
  const port = await freePorts(countProcesses(counts));
  const members = layOut(counts, { host: '127.0.0.1', port }).map(adapt);
  const { PATH = '', HOME = '' } = process.env;
  const names = { DATABASE_PREFIX: prefix, TOPIC_PREFIX: prefix };
  let output = '';
  const supervisor = startSupervisor(members, {
    environment: { PATH, HOME, ...servers, ...names, ...secrets, LOG_LEVEL: 'warn' },
    print: (line) => (output += `${line}\n`),
  });
  const processOf = (name: string): ChildProcess => {
    const found = supervisor.processOf(name);
    if (!found) throw new Error(`there is no ${name} now: ${output}`);
    return found;
  };
  const brokers = servers.KAFKA_BROKERS.split(',');
  const cluster: TestCluster = {
    url: `http://127.0.0.1:${port}`,
    apiSecret,
    brokers,
    prefix,
    asRouter: asRouterWith(routerSecret),
    urlsOf: (part) => members.filter((member) => member.part === part).map(({ url }) => url),
    signal: (name, signal) => void processOf(name).kill(signal),
    async restart(name) {
      const ended = once(processOf(name), 'close');
      processOf(name).kill('SIGTERM');
      await ended;
    },
    untilReady: () => untilReady(members, () => {}),
    output: () => output,
    async stop() {
      const exitCode = await supervisor.stop();
      await removeRealData({ mongodbUri: servers.MONGODB_URI, brokers, prefix });
      return exitCode;
    },
  };
  await cluster.untilReady().catch(async (error) => {
    await cluster.stop();
    throw error;
  });
  return cluster;
}
