import { openDocuments } from '@shop/shared/documents/open-documents';
import { openEvents } from '@shop/shared/events/open-events';
import { authenticateByUsers } from '@shop/shared/identity/authenticate-by-users';
import { routerVerifierOf } from '@shop/shared/identity/router-trust';
import { readConfigOrExit } from '@shop/shared/process/config';
import { createLog } from '@shop/shared/process/log';
import { runPart } from '@shop/shared/process/run-part';
import { drainMs } from '@shop/shared/process/subgraph';
import { ordersConfig } from './config.ts';
import { createSubgraph } from './subgraph.ts';

/** Orders alone, as in production: config → stores → server and consumers → shutdown. */
const config = readConfigOrExit(ordersConfig, process.env);
const log = createLog('orders', config.LOG_LEVEL);

await runPart('orders', log, async ({ opened, onFatal }) => {
  const database = `${config.DATABASE_PREFIX}orders`;
  const documents = opened(await openDocuments({ uri: config.MONGODB_URI, database, dataDir: '' }));
  const events = opened(
    await openEvents({
      brokers: config.KAFKA_BROKERS,
      topicPrefix: config.TOPIC_PREFIX,
      clientId: 'orders',
      dataDir: '',
      log,
      onFatal,
    }),
  );
  return createSubgraph({
    documents,
    events,
    authenticate: authenticateByUsers({ apiSecret: config.API_SECRET, usersUrl: config.USERS_URL }),
    host: config.HOST,
    port: config.PORT,
    verifyRouter: routerVerifierOf(config, log),
    drainMs,
    log,
    orderExpiresAfterMs: config.ORDER_EXPIRES_AFTER_MS,
  });
});
