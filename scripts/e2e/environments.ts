import { randomBytes } from 'node:crypto';
import { kafkaBrokers, mongodbUri, redisUrl } from '../../subgraphs/shared/test/real-servers.ts';
import { removeRealData } from '../../subgraphs/shared/test/remove-real-data.ts';
import { endAllShops, type ShopProcess, type ShopSettings, startShop } from './shop-process.ts';

/** What the whole shop can stand on in this run. */
export interface ShopEnvironment {
  name: string;
  start(settings?: Partial<ShopSettings>): Promise<ShopProcess>;
  /** Ends every shop of this test file and removes what they stored. */
  end(): Promise<void>;
}

const embedded: ShopEnvironment = { name: 'embedded', start: startShop, end: endAllShops };

function realServers(uri: string, brokers: string, redis: string): ShopEnvironment {
  const prefix = `e2e_${randomBytes(5).toString('hex')}_`;
  const variables = {
    MONGODB_URI: uri,
    KAFKA_BROKERS: brokers,
    REDIS_URL: redis,
    DATABASE_PREFIX: prefix,
    TOPIC_PREFIX: prefix,
  };
  return {
    name: 'real servers',
    start: (settings) => startShop({ ...settings, variables: { ...variables, ...settings?.variables } }),
    async end() {
      await endAllShops();
      await removeRealData({ mongodbUri: uri, brokers: brokers.split(','), prefix });
    },
  };
}

/** Embedded always; the real servers too where all three are named. */
export const environments: ShopEnvironment[] =
  mongodbUri && kafkaBrokers && redisUrl
    ? [embedded, realServers(mongodbUri, kafkaBrokers, redisUrl)]
    : [embedded];
