import type { Positions } from './lease.ts';

/** Where the broadcast readers stand: in memory only, so that nothing they still want is dropped. */
export class BroadcastPositions {
  #readers = new Set<Map<number, number>>();

  /** The positions of a new reader: it starts at the end of each partition. */
  add(): { positions: Positions; remove: () => void } {
    const next = new Map<number, number>();
    this.#readers.add(next);
    const positions: Positions = {
      start: ({ id, nextOffset }) => {
        next.set(id, nextOffset);
        return nextOffset;
      },
      commit: async ({ id }, nextOffset) => {
        next.set(id, nextOffset);
      },
    };
    return { positions, remove: () => this.#readers.delete(next) };
  }

  /** The lowest offset of this partition that a reader still wants; Infinity when there is none. */
  lowest(partitionId: number): number {
    let lowest = Number.POSITIVE_INFINITY;
    for (const next of this.#readers) lowest = Math.min(lowest, next.get(partitionId) ?? lowest);
    return lowest;
  }
}
