import { fileURLToPath } from 'node:url';
import { openTextCache } from '@shop/shared/cache/open-text-cache';
import type { Logger } from '@shop/shared/process/log';
import { Counter } from 'prom-client';
import { apqLimits, createApqCache } from './apq-cache.ts';
import type { Access } from './graph-server.ts';
import { defaultLimits } from './operation-limits.ts';
import { readKnownDocuments } from './operation-manifest.ts';
import { createTrustedDocuments, type Trust, type TrustMode } from './trusted-documents.ts';

const operationsFolder = fileURLToPath(new URL('../../contracts/operations', import.meta.url));

export interface PublicAccessSettings {
  readonly TRUSTED_DOCUMENTS: TrustMode;
  readonly REDIS_URL?: string | undefined;
  readonly DATABASE_PREFIX: string;
  readonly MAX_OPERATION_COST: number;
  readonly INTROSPECTION?: 'on' | 'off' | undefined;
  readonly NODE_ENV?: string | undefined;
  readonly CORS_ORIGINS?: readonly string[] | undefined;
}

export interface PublicAccess {
  readonly access: Access;
  close(): Promise<void>;
}

/**
 * What clients of the public graph may do, by the configuration: how they may name and register documents (those of
 * contracts/operations by their ids, and others, unless only trusted ones run, as Apollo's automatic persisted queries),
 * how much an operation may ask for, whether the graph tells of itself, and from which origins they may ask.
 *
 * @throws Error when a manifest of contracts/operations cannot be read
 */
export async function openPublicAccess(settings: PublicAccessSettings, log: Logger): Promise<PublicAccess> {
  const bounds = {
    limits: { ...defaultLimits, cost: settings.MAX_OPERATION_COST },
    introspection: tellsOfItself(settings),
    corsOrigins: settings.CORS_ORIGINS ?? [],
  };
  const mode = settings.TRUSTED_DOCUMENTS;
  const documents = readKnownDocuments(operationsFolder);
  const counter = createDocumentCounter();
  const count = (trust: Trust) => counter.inc({ trust });
  const plugins = [createTrustedDocuments({ documents, mode, log, count })];
  const metrics = mode === 'off' ? [] : [counter];
  if (mode === 'enforce')
    return { access: { ...bounds, plugins, metrics, persistedQueries: false }, close: async () => {} };
  const texts = await openTextCache({
    ...apqLimits,
    redisUrl: settings.REDIS_URL,
    prefix: `${settings.DATABASE_PREFIX}apq:`,
    log,
  });
  return {
    access: { ...bounds, plugins, metrics, persistedQueries: { cache: createApqCache(texts) } },
    close: () => texts.close(),
  };
}

/** In production nobody but its own clients need know the graph, and they know it already. */
function tellsOfItself({ INTROSPECTION, NODE_ENV }: PublicAccessSettings): boolean {
  return INTROSPECTION === undefined ? NODE_ENV !== 'production' : INTROSPECTION === 'on';
}

function createDocumentCounter() {
  const counter = new Counter({
    name: 'shop_router_documents_total',
    help: 'Operations on the public graph by what was known of their documents.',
    labelNames: ['trust'] as const,
    registers: [],
  });
  for (const trust of ['trusted', 'untrusted', 'refused'] satisfies Trust[]) counter.inc({ trust }, 0);
  return counter;
}
