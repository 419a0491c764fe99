import { openDocuments } from '@shop/shared/documents/open-documents';
import { createAuthenticate } from '@shop/shared/identity/authenticate';
import { createTokenVerifier, publishedKeys } from '@shop/shared/identity/token-verifier';
import { readConfigOrExit } from '@shop/shared/process/config';
import { createLog } from '@shop/shared/process/log';
import { runPart } from '@shop/shared/process/run-part';
import { imagesConfig } from './config.ts';
import { createSubgraph } from './subgraph.ts';

/** Images alone, as in production: config → store → server → shutdown. */
const config = readConfigOrExit(imagesConfig, process.env);
const log = createLog('images', config.LOG_LEVEL);

await runPart('images', log, async ({ opened }) => {
  const database = `${config.DATABASE_PREFIX}images`;
  const documents = opened(await openDocuments({ uri: config.MONGODB_URI, database, dataDir: '' }));
  const verifyToken = createTokenVerifier(publishedKeys(config.USERS_URL[0] ?? ''));
  return createSubgraph({
    documents,
    authenticate: createAuthenticate({ apiSecret: config.API_SECRET, verifyToken }),
    host: config.HOST,
    port: config.PORT,
    log,
  });
});
