import { Kafka, type LogEntry, logLevel } from 'kafkajs';
import type { Level, Logger } from 'pino';

export interface KafkaClientOptions {
  brokers: string[];
  clientId: string;
  log: Logger;
  /** How long a broker may take for an answer; 5 s unless given. */
  requestTimeoutMs?: number;
}

/** How often kafkajs tries before it gives up on one thing; who asked decides what comes next. */
export const kafkaRetry = {
  initialRetryTime: 100,
  multiplier: 2,
  factor: 0.2,
  maxRetryTime: 1_000,
  retries: 8,
  // kafkajs takes other defaults where NODE_ENV is "test": so every member is set here.
};

/** The same part's complaints are a warning once in this time, whichever client it belongs to. */
const warnEveryMs = 10_000;
/** When each part of kafkajs last warned, by log: a process has many clients, and makes new ones in an outage. */
const warnings = new WeakMap<Logger, Map<string, number>>();

/**
 * A client. Every consumer gets a client of its own: kafkajs keeps committed offsets per client and group, and
 * two members of a group that share a client would clear each other's.
 */
export function kafkaClient({ brokers, clientId, log, requestTimeoutMs = 5_000 }: KafkaClientOptions): Kafka {
  return new Kafka({
    brokers,
    clientId,
    connectionTimeout: 2_000,
    requestTimeout: requestTimeoutMs,
    retry: kafkaRetry,
    logLevel: logLevel.INFO,
    logCreator: () => logTo(log),
  });
}

function logTo(log: Logger): (entry: LogEntry) => void {
  const warnedAt = warnings.get(log) ?? new Map<string, number>();
  warnings.set(log, warnedAt);
  return ({ namespace, level, log: { message, timestamp, logger, stack, ...details } }) => {
    let pinoLevel: Level = level === logLevel.INFO ? 'debug' : 'info';
    if (level === logLevel.ERROR) {
      const nowMs = Date.now();
      const isRepeated = nowMs - (warnedAt.get(namespace) ?? Number.NEGATIVE_INFINITY) < warnEveryMs;
      pinoLevel = isRepeated ? 'debug' : 'warn';
      if (!isRepeated) warnedAt.set(namespace, nowMs);
    }
    log[pinoLevel]({ kafkajs: namespace, ...details }, message);
  };
}
