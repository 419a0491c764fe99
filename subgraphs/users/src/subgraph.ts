import type { Attempts } from '@shop/shared/cache/attempts';
import { openEmbeddedAttempts } from '@shop/shared/cache/embedded-attempts';
import { loadSchema } from '@shop/shared/graphql/load-schema';
import { startSubgraphServer } from '@shop/shared/graphql/subgraph-server';
import { createAuthenticate } from '@shop/shared/identity/authenticate';
import { createTokenVerifier } from '@shop/shared/identity/token-verifier';
import { startBackgroundTask } from '@shop/shared/process/background-task';
import type { Subgraph, SubgraphDependencies } from '@shop/shared/process/subgraph';
import { whenAvailable } from '@shop/shared/process/when-available';
import { v7 } from 'uuid';
import { answerTokenRequests } from './answer-token-requests.ts';
import { type AttemptLimits, createAttemptLimiter } from './attempt-limits.ts';
import type { CommonPasswords } from './common-passwords.ts';
import { createUsersContext } from './context.ts';
import { createIssueAccessToken } from './issue-access-token.ts';
import { createIssueServiceToken } from './issue-service-token.ts';
import { type KeyTimings, keyTimings as usualKeyTimings } from './key-schedule.ts';
import { ownKeys } from './own-keys.ts';
import { createPasswordHashing, type PasswordHashing } from './password-hashing.ts';
import { publishKeys } from './publish-keys.ts';
import { createResolvers } from './resolvers.ts';
import { createServiceClientStore } from './service-client-store.ts';
import { createSessionStore } from './session-store.ts';
import { createSessions } from './sessions.ts';
import { openSigningKeys } from './signing-keys.ts';
import { createUserStore } from './user-store.ts';

/**
 * As every subgraph, but for `authenticate`: Users owns the keys that tokens are verified with, and does not
 * fetch them from itself. It is given the admin's secret and builds the rest.
 */
export interface UsersDependencies extends Omit<SubgraphDependencies, 'authenticate'> {
  apiSecret: string;
  /** What signing keys are encrypted with: the first encrypts, any of them decrypts. */
  keysSecrets: readonly string[];
  keyTimings?: KeyTimings;
  passwords?: PasswordHashing;
  /** Where attempts are counted; for this process alone by default. */
  attempts?: Attempts;
  /** `defaultAttemptLimits` by default. */
  attemptLimits?: AttemptLimits;
  /** `allow` by default. */
  commonPasswords?: CommonPasswords;
  /** As for `createIssueAccessToken`. */
  accessTokenLifeMs?: number;
}

/** Starts Users: indexes and signing key first, then the server. */
export async function createSubgraph(dependencies: UsersDependencies): Promise<Subgraph> {
  const { documents, log, host, port, drainMs, apiSecret, keysSecrets, maxRequests } = dependencies;
  const { keyTimings = usualKeyTimings, accessTokenLifeMs } = dependencies;
  const { clock = () => new Date(), newId = v7, passwords = createPasswordHashing() } = dependencies;
  const { attempts = openEmbeddedAttempts(), attemptLimits, commonPasswords = 'allow' } = dependencies;
  const limiter = createAttemptLimiter(attempts, attemptLimits);
  const nowMs = () => clock().getTime();
  const store = createUserStore(documents);
  const serviceClients = createServiceClientStore(documents);
  const sessionStore = createSessionStore(documents);
  const keys = await whenAvailable(
    async () => {
      await store.prepare();
      await sessionStore.prepare();
      return openSigningKeys(documents, { clock, secrets: keysSecrets, log, timings: keyTimings });
    },
    { log },
  );
  const verifyToken = createTokenVerifier(ownKeys(keys, nowMs), nowMs);
  const issueAccessToken = createIssueAccessToken({
    keys,
    clock,
    newId,
    ...(accessTokenLifeMs !== undefined && { lifeMs: accessTokenLifeMs }),
  });
  const issueServiceToken = createIssueServiceToken({ keys, clock, newId });
  const sessions = createSessions({ sessionStore, store, secrets: keysSecrets, clock, log });
  const listener = await startSubgraphServer({
    typeDefs: loadSchema(new URL('../schema.graphql', import.meta.url)),
    resolvers: createResolvers({
      serviceClients,
      store,
      passwords,
      limiter,
      commonPasswords,
      issueAccessToken,
      sessions,
      clock,
      newId,
    }),
    authenticate: createAuthenticate({ apiSecret, verifyToken }),
    verifyRouter: dependencies.verifyRouter,
    createContext: createUsersContext(store),
    checkReady: () => documents.ping(),
    routes: { '/.well-known/jwks.json': publishKeys(keys) },
    guardedRoutes: { '/oauth/token': answerTokenRequests({ serviceClients, limiter, issueServiceToken }) },
    host,
    port,
    log,
    drainMs,
    maxRequests,
  });
  const polling = startBackgroundTask({
    name: 'the look for signing keys of other processes',
    everyMs: keyTimings.pollMs,
    log,
    task: () => keys.refresh(),
  });
  return {
    url: listener.url,
    close: async () => void (await Promise.all([listener.close(), polling.stop()])),
  };
}
