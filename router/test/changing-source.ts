import type { SupergraphSource } from '../src/supergraph-source.ts';

/** A source whose text a test changes. */
export interface ChangingSource extends SupergraphSource {
  set(supergraphSdl: string): void;
  /** It cannot be read from now on, for this reason; null: it can. */
  fail(reason: string | null): void;
}

export function createChangingSource(supergraphSdl: string): ChangingSource {
  let text = supergraphSdl;
  let failure: string | null = null;
  let last: string | null = null;
  let onChange = () => {};
  return {
    name: 'a test',
    set(next) {
      text = next;
      onChange();
    },
    fail(reason) {
      failure = reason;
      onChange();
    },
    async read() {
      if (failure !== null) throw new Error(failure);
      if (text === last) return null;
      last = text;
      return text;
    },
    untilChange: (signal) =>
      new Promise((resolve) => {
        onChange = resolve;
        signal.addEventListener('abort', () => resolve(), { once: true });
        if (signal.aborted || failure !== null || text !== last) setTimeout(resolve, 20);
        else setTimeout(resolve, 100);
      }),
    close: async () => {},
  };
}
