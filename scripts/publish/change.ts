import { type Action, type PublishedSubgraph, type StoredEntry, sha256Of } from './entry.ts';
import { walkHistory } from './head.ts';
import type { Store } from './store.ts';

/** What a publish makes of the graph that a store has; null stands for a store without one. */
export type Change = (store: Store, head: StoredEntry | null) => Promise<Changed>;

export type Changed =
  | {
      readonly kind: 'changed';
      readonly action: Action;
      /** All of them, by name. */
      readonly subgraphs: readonly PublishedSubgraph[];
      /** What they composed to when they were served before; otherwise the check composes them. */
      readonly supergraphSdl?: string;
      readonly compositionVersion?: string;
    }
  | { readonly kind: 'impossible'; readonly message: string };

/** A subgraph to publish; without a URL it keeps the one that it has. */
export interface NewSubgraph {
  readonly name: string;
  readonly routingUrl: string | null;
  readonly schema: string;
}

/** A rollback goes back so far at most. */
const longestWayBack = 1_000;

/** Replaces these subgraphs, or adds those that are new, and leaves all others as they are. */
export function replaceSubgraphs(added: readonly NewSubgraph[]): Change {
  return async (_, head) => {
    const current = head?.entry.subgraphs ?? [];
    const subgraphs = new Map(current.map((each) => [each.name, each]));
    for (const { name, schema, ...given } of added) {
      const routingUrl = given.routingUrl ?? subgraphs.get(name)?.routingUrl;
      if (routingUrl === undefined)
        return { kind: 'impossible', message: `${name} is new in this store: give its --routing-url.` };
      subgraphs.set(name, { name, routingUrl, sha256: sha256Of(schema), schema });
    }
    const action: Action = { kind: 'publish', subgraphs: added.map(({ name }) => name) };
    return { kind: 'changed', action, subgraphs: byName([...subgraphs.values()]) };
  };
}

/** Takes one subgraph out of the graph. */
export function removeSubgraph(name: string): Change {
  return async (_, head) => {
    const current = head?.entry.subgraphs ?? [];
    if (!current.some((each) => each.name === name))
      return { kind: 'impossible', message: `The store has no subgraph ${name}.` };
    const subgraphs = current.filter((each) => each.name !== name);
    if (subgraphs.length === 0) return { kind: 'impossible', message: `${name} is the only subgraph.` };
    return { kind: 'changed', action: { kind: 'remove', subgraph: name }, subgraphs };
  };
}

/** Brings back an earlier graph of this store as it was, to the letter. */
export function rollBackTo(id: string): Change {
  return async (store, head) => {
    if (!head) return { kind: 'impossible', message: 'The store is empty.' };
    for await (const { id: found, entry } of walkHistory(store, head, longestWayBack)) {
      if (found !== id) continue;
      const { subgraphs, supergraphSdl, compositionVersion } = entry;
      const action: Action = { kind: 'rollback', to: id };
      return { kind: 'changed', action, subgraphs, supergraphSdl, compositionVersion };
    }
    return {
      kind: 'impossible',
      message: `${id} is none of the last ${longestWayBack} graphs that were served.`,
    };
  };
}

const byName = (subgraphs: readonly PublishedSubgraph[]) =>
  subgraphs.toSorted((one, other) => (one.name < other.name ? -1 : 1));
