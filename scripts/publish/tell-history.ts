import type { Command } from './command.ts';
import { describeEntry, describeLineage } from './describe.ts';
import type { StoredEntry } from './entry.ts';
import { findEntry, readHead, walkHistory } from './head.ts';
import type { Store } from './store.ts';

export interface Terminal {
  readonly print: (line: string) => void;
  readonly complain: (line: string) => void;
}

/** Prints entries, the youngest first, and gives the exit code: 1 when there is none. */
export async function tellHistory(
  { from, limit, isJson }: Command & { kind: 'history' },
  store: Store,
  { print, complain }: Terminal,
): Promise<number> {
  const first = from === null ? await readHead(store) : await findEntry(store, from);
  if (!first) {
    complain(nothingThere(from, store));
    return 1;
  }
  let last: StoredEntry = first;
  for await (const stored of walkHistory(store, first, limit)) {
    print(isJson ? toJson(stored) : describeEntry(stored));
    last = stored;
  }
  const { parent } = last.entry;
  if (parent !== null && !isJson) print(`Before that: npm run supergraph -- history --from ${parent}`);
  return 0;
}

/** Prints one entry, the served one without an id, and gives the exit code: 1 when it is not there. */
export async function tellEntry(
  { id, isJson }: Command & { kind: 'show' },
  store: Store,
  { print, complain }: Terminal,
): Promise<number> {
  const stored = id === null ? await readHead(store) : await findEntry(store, id);
  if (!stored) {
    complain(nothingThere(id, store));
    return 1;
  }
  print(isJson ? JSON.stringify({ id: stored.id, ...stored.entry }) : describeLineage(stored));
  return 0;
}

function nothingThere(id: string | null, { address }: Store): string {
  return id === null ? `Nothing was published to ${address} yet.` : `There is no entry ${id} in ${address}.`;
}

/** Lineage alone: the texts of schemas are what `show --json` is for. */
function toJson({ id, entry }: StoredEntry): string {
  const { supergraphSdl: _, subgraphs, ...lineage } = entry;
  const named = subgraphs.map(({ name, routingUrl, sha256 }) => ({ name, routingUrl, sha256 }));
  return JSON.stringify({ id, ...lineage, subgraphs: named });
}
