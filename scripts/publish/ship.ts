import { DamagedStoreError, type Entry, encodeEntry, type StoredEntry } from './entry.ts';
import { type Head, historyKey, readHead, supergraphKey, supergraphText, walkHistory } from './head.ts';
import type { Store } from './store.ts';

export type Shipped =
  | { readonly kind: 'shipped'; readonly entry: StoredEntry }
  /** Somebody published since `base` was read; nothing was changed. */
  | { readonly kind: 'overtaken'; readonly by: StoredEntry };

/** So many may publish between our write and the moment when we look for it. */
const lookBack = 100;

/**
 * Writes an entry to the history and makes its supergraph the one that routers read, if that is still `base`. The
 * supergraph is one object, so a crash leaves the old or the new one; an entry without a supergraph that names it is
 * found by nobody.
 */
export async function ship(store: Store, base: Head | null, entry: Entry): Promise<Shipped> {
  const { id, text } = encodeEntry(entry);
  await writeOnce(store, historyKey(id), text);
  const supergraph = supergraphText(id, entry.supergraphSdl);
  const outcome = await store.write(supergraphKey, supergraph, base?.version ?? null);
  if (outcome === 'written') return { kind: 'shipped', entry: { id, entry } };
  // The answer to our write may have been lost, and others may have built on it before we looked.
  const head = await readHead(store);
  if (!head) throw new DamagedStoreError(`${supergraphKey} vanished from ${store.address}.`);
  for await (const each of walkHistory(store, head, lookBack)) {
    if (each.id === id) return { kind: 'shipped', entry: each };
    if (each.id === base?.id) break;
  }
  return { kind: 'overtaken', by: head };
}

/** The key is made of the text: what is there already is the same. */
async function writeOnce(store: Store, key: string, text: string): Promise<void> {
  if ((await store.write(key, text, null)) === 'written') return;
  if ((await store.read(key))?.text !== text)
    throw new DamagedStoreError(`${key} in ${store.address} is damaged.`);
}
