/**
 * `part.ts products` and `part.ts orders`: the part as its own main.ts starts it, with points at which it can be told
 * to end or to freeze. FAULT_WITHOUT takes a guard of the protocol out: fence, marks or decide-before-return.
 */
import { ordersConfig } from '@shop/orders/config';
import { createSubgraph as createOrders } from '@shop/orders/subgraph';
import { productsConfig } from '@shop/products/config';
import { createSubgraph as createProducts } from '@shop/products/subgraph';
import { openCache } from '@shop/shared/cache/open-cache';
import { openDocuments } from '@shop/shared/documents/open-documents';
import { openEvents } from '@shop/shared/events/open-events';
import { authenticateByUsers } from '@shop/shared/identity/authenticate-by-users';
import { routerVerifierOf } from '@shop/shared/identity/router-trust';
import { readConfigOrExit } from '@shop/shared/process/config';
import { createLog } from '@shop/shared/process/log';
import { type PartStart, runPart } from '@shop/shared/process/run-part';
import { z } from 'zod';
import { breakages } from '../../../subgraphs/products/test/breakages.ts';
import { createPoint } from './point.ts';
import type { PartWithPoints } from './steps.ts';
import { cacheWithPoints, documentsWithPoints, eventsWithPoints } from './with-points.ts';

const guards = Object.keys(breakages) as (keyof typeof breakages)[];
const part = z.enum(['products', 'orders']).parse(process.argv[2]);
const without = z.enum(guards).optional().parse(process.env.FAULT_WITHOUT);
const point = createPoint();
await (part === 'products' ? runProducts() : runOrders());

async function runProducts(): Promise<void> {
  const config = readConfigOrExit(productsConfig, process.env);
  const log = createLog('products', config.LOG_LEVEL);
  await runPart('products', log, async (start) => {
    const cache = start.opened(
      await openCache({ redisUrl: config.REDIS_URL, prefix: config.DATABASE_PREFIX, log }),
    );
    return createProducts({
      ...(await openPart('products', config, log, start)),
      cache: cacheWithPoints('products', cache, point),
    });
  });
}

async function runOrders(): Promise<void> {
  const config = readConfigOrExit(ordersConfig, process.env);
  const log = createLog('orders', config.LOG_LEVEL);
  await runPart('orders', log, async (start) =>
    createOrders({
      ...(await openPart('orders', config, log, start)),
      orderExpiresAfterMs: config.ORDER_EXPIRES_AFTER_MS,
    }),
  );
}

type Config = Omit<z.output<typeof productsConfig>, 'REDIS_URL'>;

/** What both depend on, with the points in between. */
async function openPart(
  name: PartWithPoints,
  config: Config,
  log: ReturnType<typeof createLog>,
  { opened, onFatal }: PartStart,
) {
  const database = `${config.DATABASE_PREFIX}${name}`;
  const documents = opened(await openDocuments({ uri: config.MONGODB_URI, database, dataDir: '' }));
  const events = opened(
    await openEvents({
      brokers: config.KAFKA_BROKERS,
      topicPrefix: config.TOPIC_PREFIX,
      clientId: name,
      dataDir: '',
      log,
      onFatal,
    }),
  );
  const guarded = without ? breakages[without](documents) : documents;
  return {
    documents: documentsWithPoints(name, guarded, point),
    events: eventsWithPoints(name, events, point),
    authenticate: authenticateByUsers({ apiSecret: config.API_SECRET, usersUrl: config.USERS_URL }),
    host: config.HOST,
    port: config.PORT,
    verifyRouter: routerVerifierOf(config, log),
    log,
  };
}
