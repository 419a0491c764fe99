import { randomUUID } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { kafkaClient } from '../src/events/kafka/kafka-client.ts';
import { openEmbeddedEvents } from '../src/events/open-embedded-events.ts';
import { openKafkaEvents } from '../src/events/open-kafka-events.ts';
import type { Events } from '../src/events/port.ts';
import { kafkaBrokers } from './real-servers.ts';

const log = pino({ level: 'silent' });

/** One adapter of the events port, for the contract suite. */
export interface Adapter {
  name: string;
  /** Opens the same store again and again, under the same name. */
  open: (store: string) => Promise<Events>;
  isDurable: boolean;
  cleanUp: () => Promise<void>;
}

const folder = mkdtempSync(join(tmpdir(), 'events-'));
const run = `test-${randomUUID().slice(0, 8)}-`;
const brokers = kafkaBrokers?.split(',');

export const adapters: Adapter[] = [
  {
    name: 'embedded, in memory',
    open: async () => openEmbeddedEvents({ file: ':memory:', log }),
    isDurable: false,
    cleanUp: async () => {},
  },
  {
    name: 'embedded, in a file',
    open: async (store) => openEmbeddedEvents({ file: join(folder, `${store}.sqlite`), log }),
    isDurable: true,
    cleanUp: () => rm(folder, { recursive: true }),
  },
];
if (brokers) {
  const onFatal = (error: Error) => {
    throw error;
  };
  adapters.push({
    name: 'Kafka',
    open: async (store) =>
      openKafkaEvents({ brokers, topicPrefix: `${run}${store}-`, clientId: 'test', log, onFatal }),
    isDurable: true,
    cleanUp: async () => {
      const admin = kafkaClient({ brokers, clientId: 'test', log }).admin();
      const topics = (await admin.listTopics()).filter((topic) => topic.startsWith(run));
      if (topics.length > 0) await admin.deleteTopics({ topics });
      await admin.disconnect();
    },
  });
}
