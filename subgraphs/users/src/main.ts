import { openAttempts } from '@shop/shared/cache/open-attempts';
import { openDocuments } from '@shop/shared/documents/open-documents';
import { routerVerifierOf } from '@shop/shared/identity/router-trust';
import { readConfigOrExit } from '@shop/shared/process/config';
import { createLog } from '@shop/shared/process/log';
import { runPart } from '@shop/shared/process/run-part';
import { drainMs } from '@shop/shared/process/subgraph';
import { attemptLimitsOf, usersConfig } from './config.ts';
import { keysSecretsOf } from './keys-secrets.ts';
import { createSubgraph } from './subgraph.ts';

/** Users alone, as in production: config → store → server → shutdown. */
const config = readConfigOrExit(usersConfig, process.env);
const log = createLog('users', config.LOG_LEVEL);

await runPart('users', log, async ({ opened }) => {
  const database = `${config.DATABASE_PREFIX}users`;
  const documents = opened(await openDocuments({ uri: config.MONGODB_URI, database, dataDir: '' }));
  const attempts = opened(
    await openAttempts({ redisUrl: config.REDIS_URL, prefix: config.DATABASE_PREFIX, log }),
  );
  return createSubgraph({
    documents,
    attempts,
    attemptLimits: attemptLimitsOf(config),
    commonPasswords: config.COMMON_PASSWORDS,
    accessTokenLifeMs: config.ACCESS_TOKEN_LIFETIME_MS,
    apiSecret: config.API_SECRET,
    keysSecrets: keysSecretsOf(config, log),
    host: config.HOST,
    port: config.PORT,
    verifyRouter: routerVerifierOf(config, log),
    drainMs,
    log,
  });
});
