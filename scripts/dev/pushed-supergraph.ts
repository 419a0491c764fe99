import type { SupergraphSource } from '@shop/router/supergraph-source';

/** A graph that was refused because a subgraph was starting is offered again. */
const lookAgainAfterMs = 1_000;

export interface PushedSupergraph extends SupergraphSource {
  /** The router takes this one from now on. */
  push(supergraphSdl: string): void;
}

/** A supergraph that somebody in this process changes. */
export function createPushedSupergraph(supergraphSdl: string): PushedSupergraph {
  let next: string | null = supergraphSdl;
  let onPush = () => {};
  return {
    name: 'the schemas of this checkout',
    push(pushed) {
      next = pushed;
      onPush();
    },
    async read() {
      const read = next;
      next = null;
      return read;
    },
    async untilChange(signal) {
      const over = AbortSignal.any([signal, AbortSignal.timeout(lookAgainAfterMs)]);
      await new Promise<void>((resolve) => {
        onPush = resolve;
        over.addEventListener('abort', () => resolve(), { once: true });
        if (next !== null || over.aborted) resolve();
      });
    },
    async close() {},
  };
}
