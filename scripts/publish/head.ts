import { DamagedStoreError, decodeEntry, isEntryId, type StoredEntry, sha256Of } from './entry.ts';
import type { Store } from './store.ts';

/** The one key that changes: the supergraph that routers read. */
export const supergraphKey = 'supergraph.graphql';

/** The supergraph that a store has now. */
export interface Head extends StoredEntry {
  /** What a compare-and-set of the supergraph expects. */
  readonly version: string;
}

/** The key of an entry in the store. */
export function historyKey(id: string): string {
  return `history/${id}.json`;
}

/** The supergraph as routers read it; its first lines say which entry it is, and what the rest hashes to. */
export function supergraphText(id: string, supergraphSdl: string): string {
  return `# Written by npm run publish:subgraph; never edit it.\n# entry: ${id}\n# sha256: ${sha256Of(supergraphSdl)}\n${supergraphSdl}`;
}

/**
 * What the store has now; null when nothing was published yet.
 *
 * @throws DamagedStoreError when the supergraph is not the one of its entry, or the entry is not as it was written
 */
export async function readHead(store: Store): Promise<Head | null> {
  const stored = await store.read(supergraphKey);
  if (!stored) return null;
  const where = `${supergraphKey} in ${store.address}`;
  const id = /^# entry: (.+)$/m.exec(stored.text)?.[1];
  if (id === undefined || !isEntryId(id))
    throw new DamagedStoreError(`${where} names no entry: it was not published here.`);
  const { entry } = await readEntry(store, id);
  if (supergraphText(id, entry.supergraphSdl) !== stored.text)
    throw new DamagedStoreError(
      `${where} does not match the hash of its entry ${id}: somebody has edited it, or it is cut.`,
    );
  return { id, entry, version: stored.version };
}

/**
 * The entry of this id; null when there is none.
 *
 * @throws DamagedStoreError when it is not as it was written
 */
export async function findEntry(store: Store, id: string): Promise<StoredEntry | null> {
  const stored = await store.read(historyKey(id));
  return stored && decodeEntry(id, stored.text);
}

/** An entry that something in the store names: that it is not there is damage. */
async function readEntry(store: Store, id: string): Promise<StoredEntry> {
  const found = await findEntry(store, id);
  if (!found) throw new DamagedStoreError(`${historyKey(id)} is missing in ${store.address}.`);
  return found;
}

/** An entry and those before it, the youngest first, as many as `limit`. */
export async function* walkHistory(
  store: Store,
  from: StoredEntry,
  limit: number,
): AsyncGenerator<StoredEntry> {
  let current = from;
  for (let count = 1; count <= limit; count += 1) {
    yield current;
    const { parent } = current.entry;
    if (parent === null || count === limit) return;
    current = await readEntry(store, parent);
  }
}
