import { openDocuments } from '@shop/shared/documents/open-documents';
import { openEvents } from '@shop/shared/events/open-events';
import { createAuthenticate } from '@shop/shared/identity/authenticate';
import { createTokenVerifier, publishedKeys } from '@shop/shared/identity/token-verifier';
import { readConfigOrExit } from '@shop/shared/process/config';
import { createLog } from '@shop/shared/process/log';
import { closeOnSignal } from '@shop/shared/process/shutdown';
import { whenAvailable } from '@shop/shared/process/when-available';
import { ordersConfig } from './config.ts';
import { createSubgraph } from './subgraph.ts';

/** Orders alone, as in production: config → stores → server and consumers → shutdown. */
const config = readConfigOrExit(ordersConfig, process.env);
const log = createLog('orders', config.LOG_LEVEL);
const opened: { close(): Promise<void> }[] = [];
const shutdown = closeOnSignal(async () => {
  // The last opened closes first.
  for (const one of opened.toReversed()) await one.close();
}, log);

try {
  await start();
} catch (error) {
  shutdown.fail(error instanceof Error ? error : new Error(String(error)));
}

async function start(): Promise<void> {
  const database = `${config.DATABASE_PREFIX}orders`;
  const documents = await openDocuments({ uri: config.MONGODB_URI, database, dataDir: '' });
  opened.push(documents);
  const events = await whenAvailable(
    () =>
      openEvents({
        brokers: config.KAFKA_BROKERS,
        topicPrefix: config.TOPIC_PREFIX,
        clientId: 'orders',
        dataDir: '',
        log,
        onFatal: shutdown.fail,
      }),
    { log },
  );
  opened.push(events);
  const verifyToken = createTokenVerifier(publishedKeys(config.USERS_URL[0]!));
  const orders = await createSubgraph({
    documents,
    events,
    authenticate: createAuthenticate({ apiSecret: config.API_SECRET, verifyToken }),
    host: config.HOST,
    port: config.PORT,
    log,
    orderExpiresAfterMs: config.ORDER_EXPIRES_AFTER_MS,
  });
  opened.push(orders);
  log.info({ url: orders.url }, 'orders is listening');
}
