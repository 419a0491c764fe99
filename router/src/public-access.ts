import { fileURLToPath } from 'node:url';
import { openTextCache } from '@shop/shared/cache/open-text-cache';
import type { Logger } from '@shop/shared/process/log';
import { Counter } from 'prom-client';
import { apqLimits, createApqCache } from './apq-cache.ts';
import type { Access } from './graph-server.ts';
import { readKnownDocuments } from './operation-manifest.ts';
import { createTrustedDocuments, type Trust, type TrustMode } from './trusted-documents.ts';

const operationsFolder = fileURLToPath(new URL('../../contracts/operations', import.meta.url));

export interface PublicAccessSettings {
  readonly TRUSTED_DOCUMENTS: TrustMode;
  readonly REDIS_URL?: string | undefined;
  readonly DATABASE_PREFIX: string;
}

export interface PublicAccess {
  readonly access: Access;
  close(): Promise<void>;
}

/**
 * How clients of the public graph may name and register documents, by the configuration: those of contracts/operations by
 * their ids, and others, unless only trusted ones run, as Apollo's automatic persisted queries.
 *
 * @throws Error when a manifest of contracts/operations cannot be read
 */
export async function openPublicAccess(settings: PublicAccessSettings, log: Logger): Promise<PublicAccess> {
  const mode = settings.TRUSTED_DOCUMENTS;
  const documents = readKnownDocuments(operationsFolder);
  const counter = createDocumentCounter();
  const count = (trust: Trust) => counter.inc({ trust });
  const plugins = [createTrustedDocuments({ documents, mode, log, count })];
  const metrics = mode === 'off' ? [] : [counter];
  if (mode === 'enforce')
    return { access: { plugins, metrics, persistedQueries: false }, close: async () => {} };
  const texts = await openTextCache({
    ...apqLimits,
    redisUrl: settings.REDIS_URL,
    prefix: `${settings.DATABASE_PREFIX}apq:`,
    log,
  });
  return {
    access: { plugins, metrics, persistedQueries: { cache: createApqCache(texts) } },
    close: () => texts.close(),
  };
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
