import { setTimeout as sleep } from 'node:timers/promises';
import type { Finding } from '../check-graph/finding.ts';
import type { Change, Changed } from './change.ts';
import { type Entry, type PublishedSubgraph, type StoredEntry, sha256Of } from './entry.ts';
import { type Head, readHead } from './head.ts';
import { type Verdict, withoutInherited } from './inherited-errors.ts';
import { ship } from './ship.ts';
import type { Store } from './store.ts';

export interface Publisher {
  readonly store: Store;
  /** The verdict on these subgraphs, compared with the supergraph that is served. */
  check(subgraphs: readonly PublishedSubgraph[], baseSupergraphSdl: string | null): Promise<Verdict>;
  readonly by: string;
  readonly now: () => Date;
  readonly compositionVersion: string;
}

export interface PublishOptions {
  /** How often it begins anew after somebody else published meanwhile. */
  readonly retries: number;
  /** Whether the store may be empty: otherwise it is one whose supergraph was lost, or a wrong address. */
  readonly isNewStore: boolean;
  /** Checks, and writes nothing. */
  readonly isDryRun: boolean;
  /** Why it is published whatever the check says; null where the check decides. */
  readonly forcedBecause: string | null;
}

export type Published =
  | { readonly kind: 'published'; readonly entry: StoredEntry; readonly findings: readonly Finding[] }
  | { readonly kind: 'would-publish'; readonly findings: readonly Finding[] }
  | { readonly kind: 'unchanged'; readonly head: StoredEntry }
  /** The check found errors, or nothing would be left to serve. */
  | { readonly kind: 'refused'; readonly findings: readonly Finding[] }
  /** What was asked for makes no sense in this store. */
  | { readonly kind: 'impossible'; readonly message: string }
  /** Somebody else published meanwhile; nothing was changed. */
  | { readonly kind: 'overtaken'; readonly by: StoredEntry };

/** Two who were overtaken by each other do not meet again at once. */
const longestPauseMs = 300;

/**
 * Applies a change to the subgraphs that the store has now, checks the graph that comes of it, and publishes it. What is
 * published was checked against exactly what it replaces: where somebody publishes meanwhile, nothing is written.
 */
export async function publish(
  publisher: Publisher,
  change: Change,
  options: PublishOptions,
): Promise<Published> {
  for (let attempt = 0; ; attempt += 1) {
    const outcome = await publishOnce(publisher, change, options);
    if (outcome.kind !== 'overtaken' || attempt >= options.retries) return outcome;
    await sleep(Math.random() * longestPauseMs);
  }
}

async function publishOnce(
  publisher: Publisher,
  change: Change,
  options: PublishOptions,
): Promise<Published> {
  const { store } = publisher;
  const head = await readHead(store);
  if (!head && !options.isNewStore)
    return {
      kind: 'impossible',
      message: `There is no supergraph in ${store.address}. A new store takes --new-store.`,
    };
  const changed = await change(store, head);
  if (changed.kind === 'impossible') return changed;
  if (head && isSame(head.entry.subgraphs, changed.subgraphs)) return { kind: 'unchanged', head };
  const verdict = await judge(publisher, changed.subgraphs, head);
  const { findings } = verdict;
  const supergraphSdl = changed.supergraphSdl ?? verdict.composed?.supergraphSdl;
  if (supergraphSdl === undefined || (!verdict.ok && options.forcedBecause === null))
    return { kind: 'refused', findings };
  if (options.isDryRun) return { kind: 'would-publish', findings };
  const entry = makeEntry(publisher, {
    head,
    changed,
    supergraphSdl,
    verdict,
    forcedBecause: options.forcedBecause,
  });
  const shipped = await ship(store, head, entry);
  return shipped.kind === 'shipped' ? { kind: 'published', entry: shipped.entry, findings } : shipped;
}

async function judge(
  { check }: Publisher,
  subgraphs: readonly PublishedSubgraph[],
  head: Head | null,
): Promise<Verdict> {
  const base = head?.entry.supergraphSdl ?? null;
  const verdict = await check(subgraphs, base);
  return verdict.ok || !head ? verdict : withoutInherited(verdict, await check(head.entry.subgraphs, base));
}

function makeEntry(
  { by, now, compositionVersion }: Publisher,
  given: {
    head: Head | null;
    changed: Changed & { kind: 'changed' };
    supergraphSdl: string;
    verdict: Verdict;
    forcedBecause: string | null;
  },
): Entry {
  const { head, changed, supergraphSdl, verdict, forcedBecause } = given;
  const codes = verdict.findings.filter(({ severity }) => severity === 'error').map(({ code }) => code);
  return {
    formatVersion: 1,
    parent: head?.id ?? null,
    at: now().toISOString(),
    by,
    action: changed.action,
    ...(forcedBecause === null || verdict.ok
      ? {}
      : { forced: { reason: forcedBecause, codes: [...new Set(codes)] } }),
    compositionVersion: changed.compositionVersion ?? compositionVersion,
    subgraphs: [...changed.subgraphs],
    supergraphSha256: sha256Of(supergraphSdl),
    supergraphSdl,
  };
}

function isSame(some: readonly PublishedSubgraph[], others: readonly PublishedSubgraph[]): boolean {
  const keys = (subgraphs: readonly PublishedSubgraph[]) =>
    JSON.stringify(subgraphs.map(({ name, routingUrl, schema }) => [name, routingUrl, schema]));
  return keys(some) === keys(others);
}
