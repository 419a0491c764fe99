import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { openEmbeddedEvents } from './open-embedded-events.ts';
import { openKafkaEvents } from './open-kafka-events.ts';
import type { Events } from './port.ts';

export interface OpenEventsOptions {
  /** Addresses of Kafka brokers, `host:port`; undefined: the embedded adapter. */
  brokers: string[] | undefined;
  /** Set before every topic and group on the brokers, never seen by callers. */
  topicPrefix: string;
  clientId: string;
  /** The folder, made when it is missing, for the embedded log, where there are no brokers. */
  dataDir: string;
  log: Logger;
  /** Told when a consumer has failed for good: the process must end. */
  onFatal: (error: Error) => void;
}

/** Opens the shop's connection to its topics: Kafka where brokers are named, else embedded in this process. */
export async function openEvents(options: OpenEventsOptions): Promise<Events> {
  const { brokers, dataDir, log } = options;
  if (brokers) return openKafkaEvents({ ...options, brokers });
  mkdirSync(dataDir, { recursive: true });
  const file = embeddedLogFile(dataDir);
  log.info({ file }, 'events: embedded, since KAFKA_BROKERS is not set');
  return openEmbeddedEvents({ file, log });
}

/** Where the embedded log lives; one process at a time has it. */
export function embeddedLogFile(dataDir: string): string {
  return join(dataDir, 'events.sqlite');
}
