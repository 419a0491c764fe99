import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import { withDeadline } from './deadline.ts';
import { backoffMs, type RedisClient, startRedisClient } from './redis-client.ts';

export type Answer<T> = { kind: 'answered'; value: T } | { kind: 'unavailable' };

/**
 * The connection with its circuit breaker. Closed ("up"): a call runs, within a deadline. The first call that
 * fails opens it ("down"): calls answer `unavailable` at once while a background loop, not a caller, tries
 * the recovery step with backoff until the server acknowledges it.
 */
export interface RedisLink {
  run<T>(command: (client: RedisClient) => Promise<T>): Promise<Answer<T>>;
  isUp(): boolean;
  /** Resolves once up with nothing left to recover, or after `waitMs`. */
  settled(waitMs: number): Promise<void>;
  close(): void;
}

export interface RedisLinkOptions {
  url: string;
  deadlineMs: number;
  log: Logger;
  /** One step of work that the server must acknowledge before, and until, all is well. */
  recoveryStep: (client: RedisClient) => Promise<void>;
  /** Whether steps are left after the server has acknowledged one. */
  hasMoreToRecover: () => boolean;
}

/** A connection that has been silent this long is given up for a new one: its other end may be gone without a trace. */
const silentConnectionMs = 5_000;

/** Starts down, connecting in the background. */
export function openRedisLink(options: RedisLinkOptions): RedisLink {
  const { url, deadlineMs, log, recoveryStep, hasMoreToRecover } = options;
  const closing = new AbortController();
  let client = startRedisClient(url, goDown);
  let isUp = false;
  let recovery: Promise<void> | null = null;

  function goDown(error: Error): void {
    if (closing.signal.aborted) return;
    if (isUp) log.warn({ reason: error.message }, 'cache: Redis does not answer, reading past it');
    isUp = false;
    recover();
  }

  function recover(): void {
    recovery ??= recoverUntilDone();
  }

  async function recoverUntilDone(): Promise<void> {
    let silentSinceMs = performance.now();
    for (let attempt = 0; !closing.signal.aborted; ) {
      try {
        await withDeadline(recoveryStep(client), deadlineMs);
        if (!isUp) log.info('cache: Redis answers');
        isUp = true;
        attempt = 0;
        silentSinceMs = performance.now();
        if (!hasMoreToRecover()) {
          recovery = null; // In the same tick as the decision: a failure right after it starts a new loop.
          return;
        }
      } catch {
        if (performance.now() - silentSinceMs > silentConnectionMs) {
          client.destroy();
          client = startRedisClient(url, goDown);
          silentSinceMs = performance.now();
        }
        await sleep(backoffMs(attempt++, 20, 1_000), undefined, { signal: closing.signal }).catch(() => {});
      }
    }
  }

  recover();
  return {
    async run(command) {
      if (!isUp || closing.signal.aborted) return { kind: 'unavailable' };
      try {
        return { kind: 'answered', value: await withDeadline(command(client), deadlineMs) };
      } catch (error) {
        goDown(error instanceof Error ? error : new Error(String(error)));
        return { kind: 'unavailable' };
      }
    },
    isUp: () => isUp,
    async settled(waitMs) {
      if (recovery) await withDeadline(recovery, waitMs).catch(() => {});
    },
    close() {
      if (closing.signal.aborted) return;
      closing.abort();
      isUp = false;
      client.destroy();
    },
  };
}
