import type { SupergraphSource } from './supergraph-source.ts';

/** A supergraph that never changes, such as a test's. */
export function fixedSupergraph(supergraphSdl: string): SupergraphSource {
  return {
    name: 'a fixed supergraph',
    read: async () => supergraphSdl,
    untilChange: (signal) =>
      new Promise((resolve) => {
        if (signal.aborted) resolve();
        else signal.addEventListener('abort', () => resolve(), { once: true });
      }),
    close: async () => {},
  };
}
