import { openDocuments } from '@shop/shared/documents/open-documents';
import { authenticateByUsers } from '@shop/shared/identity/authenticate-by-users';
import { routerVerifierOf } from '@shop/shared/identity/router-trust';
import { readConfigOrExit } from '@shop/shared/process/config';
import { createLog } from '@shop/shared/process/log';
import { runPart } from '@shop/shared/process/run-part';
import { drainMs } from '@shop/shared/process/subgraph';
import { imagesConfig } from './config.ts';
import { createSubgraph } from './subgraph.ts';

/** Images alone, as in production: config → store → server → shutdown. */
const config = readConfigOrExit(imagesConfig, process.env);
const log = createLog('images', config.LOG_LEVEL);

await runPart('images', log, async ({ opened }) => {
  const database = `${config.DATABASE_PREFIX}images`;
  const documents = opened(await openDocuments({ uri: config.MONGODB_URI, database, dataDir: '' }));
  return createSubgraph({
    documents,
    authenticate: authenticateByUsers({ apiSecret: config.API_SECRET, usersUrl: config.USERS_URL }),
    host: config.HOST,
    port: config.PORT,
    verifyRouter: routerVerifierOf(config, log),
    drainMs,
    log,
  });
});
