import { existsSync } from 'node:fs';
import { embeddedLogFile, openEvents } from '@shop/shared/events/open-events';
import type { Events } from '@shop/shared/events/port';
import { dataDir, kafkaBrokers, topicPrefix } from '@shop/shared/process/config';
import { silentLog } from '@shop/shared/process/log';
import { z } from 'zod';

/** Where the shop's topics are, in the variables that the shop itself reads. */
export const dlqConfig = z.object({
  KAFKA_BROKERS: kafkaBrokers.optional(),
  TOPIC_PREFIX: topicPrefix,
  DATA_DIR: dataDir,
});

export type DlqConfig = z.output<typeof dlqConfig>;

/**
 * Opens the topics of a shop that is there: nothing is created. A shop on Kafka may be running; one with an
 * embedded log has it for itself, so it must be stopped. Throws an error that says what to do.
 */
export async function openLog(config: DlqConfig, onFatal: (error: Error) => void): Promise<Events> {
  const { KAFKA_BROKERS: brokers, TOPIC_PREFIX: topicPrefix, DATA_DIR: dataDir } = config;
  const file = embeddedLogFile(dataDir);
  if (!brokers && !existsSync(file)) {
    throw new Error(`There is no ${file}: set KAFKA_BROKERS, or DATA_DIR to that of an embedded shop.`);
  }
  try {
    return await openEvents({ brokers, topicPrefix, clientId: 'shop-dlq', dataDir, log: silentLog, onFatal });
  } catch (cause) {
    if (brokers) throw cause;
    const hint = 'A running shop has its embedded log to itself: stop it, and start it again afterwards.';
    throw new Error(`${(cause as Error).message}\n${hint}`, { cause });
  }
}

/** The log in words, for a message. */
export function describeLog({ KAFKA_BROKERS: brokers, TOPIC_PREFIX: prefix, DATA_DIR }: DlqConfig): string {
  if (!brokers) return `the embedded log of ${DATA_DIR}`;
  return `Kafka at ${brokers.join(',')}, ${prefix ? `topics with the prefix ${prefix}` : 'topics without a prefix'}`;
}
