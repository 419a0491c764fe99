import { DamagedStoreError, isEntryId } from './entry.ts';
import { findEntry, readHead, supergraphKey, supergraphText } from './head.ts';
import type { Store } from './store.ts';

export type Repaired =
  | { readonly kind: 'repaired'; readonly id: string }
  | { readonly kind: 'intact'; readonly id: string }
  | { readonly kind: 'impossible'; readonly message: string }
  | { readonly kind: 'overtaken' };

/**
 * Makes a supergraph that was edited by hand, cut or lost once more what its entry says. It says itself which entry that
 * is; `id` is for one that does not. Nothing is added to the history.
 */
export async function repair(store: Store, id: string | null): Promise<Repaired> {
  const intact = await readIntact(store);
  if (intact) return { kind: 'intact', id: intact };
  const stored = await store.read(supergraphKey);
  const named = /^# entry: (.+)$/m.exec(stored?.text ?? '')?.[1];
  const isNamed = named !== undefined && isEntryId(named);
  if (isNamed && id !== null && id !== named)
    return {
      kind: 'impossible',
      message: `The supergraph is that of ${named}: repair it, then roll back to ${id}.`,
    };
  const wanted = isNamed ? named : id;
  if (wanted === null)
    return {
      kind: 'impossible',
      message: `${supergraphKey} does not say which entry it is: name the one that was served last.`,
    };
  const found = await findEntry(store, wanted);
  if (!found) return { kind: 'impossible', message: `There is no entry ${wanted} in ${store.address}.` };
  const text = supergraphText(wanted, found.entry.supergraphSdl);
  const outcome = await store.write(supergraphKey, text, stored?.version ?? null);
  return outcome === 'written' ? { kind: 'repaired', id: wanted } : { kind: 'overtaken' };
}

async function readIntact(store: Store): Promise<string | null> {
  try {
    return (await readHead(store))?.id ?? null;
  } catch (error) {
    if (error instanceof DamagedStoreError) return null;
    throw error;
  }
}
