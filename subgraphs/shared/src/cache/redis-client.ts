import { createClient } from 'redis';
import { giveBackAttemptsScript, takeAttemptsScript } from './redis-attempts-scripts.ts';
import { changePartsScript, lookUpScript, storeScript } from './redis-scripts.ts';
import { findTextScript, keepTextScript } from './redis-text-scripts.ts';

/** Commands that wait in this process or for their reply; past it a command fails at once. */
const maxQueuedCommands = 10_000;

/** A client that connects, and reconnects for ever, in the background. `onError` hears of every lost or failed connection. */
export function startRedisClient(url: string, onError: (error: Error) => void) {
  const client = createClient({
    url,
    RESP: 3,
    scripts: {
      lookUp: lookUpScript,
      store: storeScript,
      changeParts: changePartsScript,
      findText: findTextScript,
      keepText: keepTextScript,
      takeAttempts: takeAttemptsScript,
      giveBackAttempts: giveBackAttemptsScript,
    },
    disableOfflineQueue: true,
    commandsQueueMaxLength: maxQueuedCommands,
    maintNotifications: 'disabled',
    socket: { connectTimeout: 2_000, reconnectStrategy },
  });
  client.on('error', onError);
  client.connect().catch(() => {}); // Each failure was an error event; rejects only when destroyed.
  return client;
}

export type RedisClient = ReturnType<typeof startRedisClient>;

/** 50 ms doubling to 1 s, with jitter so that the processes of a shop do not come all at once. */
function reconnectStrategy(retries: number): number {
  return backoffMs(retries, 50, 1_000);
}

/** `firstMs` doubling with every attempt up to `maxMs`, of which a random half is taken off at most. */
export function backoffMs(attempt: number, firstMs: number, maxMs: number): number {
  const fullMs = Math.min(maxMs, firstMs * 2 ** Math.min(attempt, 30));
  return fullMs * (1 - Math.random() / 2);
}
