import type { ClientOperation, Variant } from '@shop/router/client-operations';
import type { GraphQLSchema } from 'graphql';
import { type ApiChange, apiChanges } from './api-changes.ts';
import type { Definers } from './definers.ts';
import { dueRemovals, removalDates } from './due-removals.ts';
import type { Finding } from './finding.ts';
import { usesOfOperation } from './operation-uses.ts';
import { usesOfCounts } from './usage-uses.ts';
import { noticedBy } from './use-of-change.ts';

/** A change of the graph, and whom it concerns. */
export interface GraphChange extends Pick<ApiChange, 'code' | 'level' | 'coordinate' | 'message'> {
  /** Whose clients see it: what becomes internal goes from the public graph alone. */
  readonly seenIn: Variant | 'both';
  /** Names of the client operations that notice it; looked up for what breaks clients. */
  readonly operations: readonly string[];
  /** How often clients lately asked for what it breaks, at most. */
  readonly requests: number;
  /** Why it may be although it breaks clients; null when it may not, or needs no excuse. */
  readonly excuse: string | null;
  /** The day (yyyy-mm-dd) for which the removal of what it concerns was announced; null when none was. */
  readonly announcedFor: string | null;
  /** Names of the subgraphs that define what it is about, before or after it. */
  readonly subgraphs: readonly string[];
}

/** One variant of the graph before and after a change, and who uses it. */
export interface VariantChange {
  readonly variant: Variant;
  readonly base: GraphQLSchema;
  readonly head: GraphQLSchema;
  readonly operations: readonly ClientOperation[];
  readonly usage: Readonly<Record<string, number>> | undefined;
  readonly today: Date;
  /** Which subgraphs define what, before and after. */
  readonly definers: readonly Definers[];
}

/**
 * Every change of the graph. What both variants see is listed once; it may only be if it may in both.
 */
export async function graphChanges(variants: readonly VariantChange[]): Promise<readonly GraphChange[]> {
  const changes = (await Promise.all(variants.map(changesOfVariant))).flat();
  const merged = new Map<string, GraphChange>();
  for (const change of changes) {
    const key = JSON.stringify([change.code, change.coordinate, change.message]);
    const twin = merged.get(key);
    merged.set(key, twin ? merge(twin, change) : change);
  }
  return [...merged.values()];
}

/** Says a change as the check reports it: an error where it breaks clients and has no excuse. */
export function findingOf(change: GraphChange, locations: readonly string[]): Finding {
  const { code, level, coordinate, operations, requests, excuse, seenIn, announcedFor } = change;
  const isRefused = level === 'breaking' && excuse === null;
  const message = [
    change.message,
    seenIn !== 'both' && `${seenIn} graph only`,
    isRefused && requests > 0 && `asked for ${requests} times lately`,
    isRefused && announcedFor !== null && `announced for ${announcedFor}, which is not over`,
    excuse,
  ];
  return {
    code,
    severity: isRefused ? 'error' : 'note',
    message: message.filter((part) => typeof part === 'string').join('; '),
    locations,
    coordinate,
    operations,
  };
}

async function changesOfVariant(input: VariantChange): Promise<readonly GraphChange[]> {
  const { variant, base, head, usage = {}, today, definers } = input;
  const uses = input.operations.map(({ name, body }) => ({ name, uses: usesOfOperation(base, body) }));
  const counts = usesOfCounts(base, usage);
  const dates = removalDates(base);
  const due = dueRemovals(base, today);
  return (await apiChanges(base, head)).map((change): GraphChange => {
    const { code, level, coordinate, message } = change;
    const announcedFor = dates.get(coordinate) ?? null;
    const subgraphs = [...new Set(definers.flatMap((of) => of(coordinate)))].sort();
    const common = { code, level, coordinate, message, seenIn: variant, announcedFor, subgraphs };
    if (level !== 'breaking') return { ...common, operations: [], requests: 0, excuse: null };
    const operations = uses.filter((each) => noticedBy(change, each.uses) !== null).map(({ name }) => name);
    const requests = counts.get(noticedBy(change, counts) ?? '') ?? 0;
    const isUsed = operations.length > 0 || requests > 0;
    const excuse = due.has(coordinate) ? announcement(announcedFor) : isUsed ? null : 'nothing uses it';
    return { ...common, operations, requests, excuse };
  });
}

function announcement(day: string | null): string {
  return day === null
    ? 'only what was to be removed by now leads to it'
    : `its removal was announced for ${day}`;
}

/** The same change of both variants. */
function merge(one: GraphChange, other: GraphChange): GraphChange {
  return {
    ...one,
    seenIn: 'both',
    operations: [...new Set([...one.operations, ...other.operations])].sort(),
    requests: Math.max(one.requests, other.requests),
    excuse: one.excuse === null || other.excuse === null ? null : one.excuse,
  };
}
