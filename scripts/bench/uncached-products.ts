/** Products alone as its main.ts starts it, without a cache, to compare with. */
import { productsConfig } from '@shop/products/config';
import { createSubgraph } from '@shop/products/subgraph';
import { openDocuments } from '@shop/shared/documents/open-documents';
import { openEvents } from '@shop/shared/events/open-events';
import { authenticateByUsers } from '@shop/shared/identity/authenticate-by-users';
import { routerVerifierOf } from '@shop/shared/identity/router-trust';
import { readConfigOrExit } from '@shop/shared/process/config';
import { createLog } from '@shop/shared/process/log';
import { runPart } from '@shop/shared/process/run-part';
import { noCache } from './no-cache.ts';

const config = readConfigOrExit(productsConfig, process.env);
const log = createLog('products', config.LOG_LEVEL);

await runPart('products', log, async ({ opened, onFatal }) => {
  const database = `${config.DATABASE_PREFIX}products`;
  const documents = opened(await openDocuments({ uri: config.MONGODB_URI, database, dataDir: '' }));
  const { KAFKA_BROKERS: brokers, TOPIC_PREFIX: topicPrefix } = config;
  const events = await openEvents({ brokers, topicPrefix, clientId: 'products', dataDir: '', log, onFatal });
  return createSubgraph({
    documents,
    events: opened(events),
    cache: noCache(),
    authenticate: authenticateByUsers({ apiSecret: config.API_SECRET, usersUrl: config.USERS_URL }),
    host: config.HOST,
    port: config.PORT,
    verifyRouter: routerVerifierOf(config, log),
    log,
  });
});
