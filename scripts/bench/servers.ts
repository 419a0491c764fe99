import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { removeRealData } from '../../subgraphs/shared/test/remove-real-data.ts';

/** Real servers for one run, and the names that keep its data apart. */
export interface Servers {
  mongodbUri: string;
  kafkaBrokers: string;
  redisUrl: string;
  /** Every database and topic of the run begins with it. */
  prefix: string;
  /** Ends servers that were started for the run, or removes what the run left on those given. */
  close(): Promise<void>;
}

const script = fileURLToPath(new URL('../../.ci/services', import.meta.url));
const newPrefix = () => `bench_${randomBytes(4).toString('hex')}_`;

/** Starts Kafka, Redis and a MongoDB-protocol server with empty data: some get slower the more they hold. */
export async function startServers(print: (line: string) => void): Promise<Servers> {
  const folder = mkdtempSync(join(tmpdir(), 'shop-bench-servers-'));
  const run = (verb: string) => promisify(execFile)(script, [verb, folder]);
  const close = async () => {
    await run('stop');
    rmSync(folder, { recursive: true, force: true });
  };
  print('starting Kafka, Redis and a MongoDB-protocol server');
  try {
    await run('start');
    const env = readFileSync(join(folder, 'env'), 'utf8');
    const read = (name: string) => new RegExp(`^export TEST_${name}=(.*)$`, 'm').exec(env)?.[1] ?? '';
    const [mongodbUri, kafkaBrokers, redisUrl] = ['MONGODB_URI', 'KAFKA_BROKERS', 'REDIS_URL'].map(read);
    return {
      mongodbUri: mongodbUri!,
      kafkaBrokers: kafkaBrokers!,
      redisUrl: redisUrl!,
      prefix: newPrefix(),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** The servers that the environment names; rejects when it does not name all three. */
export async function givenServers(environment: NodeJS.ProcessEnv): Promise<Servers> {
  const { MONGODB_URI: mongodbUri, KAFKA_BROKERS: kafkaBrokers, REDIS_URL: redisUrl } = environment;
  if (!mongodbUri || !kafkaBrokers || !redisUrl)
    throw new Error('--servers given: set MONGODB_URI, KAFKA_BROKERS and REDIS_URL');
  const prefix = newPrefix();
  const close = () => removeRealData({ mongodbUri, brokers: kafkaBrokers.split(','), prefix });
  return { mongodbUri, kafkaBrokers, redisUrl, prefix, close };
}
