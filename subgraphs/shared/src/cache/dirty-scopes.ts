/**
 * The scopes whose invalidation the server has not acknowledged: this process reads past them, and tells the
 * server again until it acknowledges.
 */
export interface DirtyScopes {
  readonly size: number;
  has(scope: string): boolean;
  add(scopes: string[]): void;
  /** Some of them, at most `limit`, oldest first. */
  oldest(limit: number): string[];
  /** Names this moment: an invalidation sent now covers what was added before. */
  mark(): number;
  /** The server has invalidated these scopes, by a command sent after the mark. */
  acknowledged(scopes: string[], mark: number): void;
}

export interface DirtyScopesOptions {
  maxScopes: number;
  /** After this time no entry that exists now is left on the server: its longest ttl and a margin. */
  entriesGoneAfterMs: number;
  /** A clock that never steps back. */
  nowMs: () => number;
}

/**
 * Bounded: scopes past `maxScopes` are not told to the server; every scope is dirty instead until the entries
 * that they have there must have expired.
 */
export function createDirtyScopes({ maxScopes, entriesGoneAfterMs, nowMs }: DirtyScopesOptions): DirtyScopes {
  const addedAt = new Map<string, number>();
  let moment = 0;
  let allDirtyUntilMs = Number.NEGATIVE_INFINITY;

  return {
    get size() {
      return addedAt.size;
    },
    has: (scope) => addedAt.has(scope) || nowMs() < allDirtyUntilMs,
    add(scopes) {
      moment += 1;
      for (const scope of scopes) {
        if (addedAt.size < maxScopes || addedAt.has(scope)) addedAt.set(scope, moment);
        else allDirtyUntilMs = nowMs() + entriesGoneAfterMs;
      }
    },
    oldest: (limit) => [...addedAt.keys().take(limit)],
    mark: () => moment,
    acknowledged(scopes, mark) {
      for (const scope of scopes) {
        const at = addedAt.get(scope);
        if (at !== undefined && at <= mark) addedAt.delete(scope);
      }
    },
  };
}
