import { type Kafka, Partitioners, type Producer, type TopicMessages } from 'kafkajs';
import { withDeadline } from '../deadline.ts';
import { kafkaRetry } from './kafka-client.ts';

export const sendWithinMs = 9_000;

interface OpenProducer {
  producer: Producer;
  /** `topic/partition` of every record of the send that runs. */
  chosen: Set<string>;
}

/**
 * Sends records through an idempotent producer, one send at a time, and replaces the producer after a failure.
 * It must: kafkajs takes back the sequence numbers of a send that it gave up, and if the broker had stored it
 * after all, it would take the next records under these numbers for duplicates, acknowledge and drop them.
 */
export class KafkaSender {
  #kafka: Kafka;
  #open: Promise<OpenProducer> | null = null;

  constructor(kafka: Kafka) {
    this.#kafka = kafka;
  }

  /** Resolves when every record is stored by the in-sync replicas; rejects with UnavailableError. */
  async send(topicMessages: TopicMessages[]): Promise<void> {
    this.#open ??= openProducer(this.#kafka);
    const open = this.#open;
    const sending = open.then((producer) => sendChecked(producer, topicMessages));
    try {
      await withDeadline(sending, sendWithinMs, 'publishing');
    } catch (error) {
      if (this.#open === open) this.#open = null;
      // kafkajs connects again by itself while it retries: close what it leaves behind when it has given up.
      void sending.catch(() => {}).then(() => disconnect(open));
      void disconnect(open);
      throw error;
    }
  }

  async close(): Promise<void> {
    const open = this.#open;
    this.#open = null;
    if (open) await disconnect(open);
  }
}

async function openProducer(kafka: Kafka): Promise<OpenProducer> {
  const chosen = new Set<string>();
  const producer = kafka.producer({
    idempotent: true,
    maxInFlightRequests: 1,
    allowAutoTopicCreation: false,
    retry: kafkaRetry,
    createPartitioner: () => {
      const partitionOf = Partitioners.DefaultPartitioner();
      return (record) => {
        const partition = partitionOf(record);
        chosen.add(`${record.topic}/${partition}`);
        return partition;
      };
    },
  });
  try {
    await producer.connect();
  } catch (error) {
    await producer.disconnect().catch(() => {});
    throw error;
  }
  return { producer, chosen };
}

/**
 * When a partition's leader moves to a broker that has already answered, kafkajs resolves without having sent
 * that partition's records: so each partition must be found in the answer.
 */
async function sendChecked(
  { producer, chosen }: OpenProducer,
  topicMessages: TopicMessages[],
): Promise<void> {
  chosen.clear();
  const stored = await producer.sendBatch({ acks: -1, timeout: 5_000, topicMessages });
  for (const { topicName, partition } of stored) chosen.delete(`${topicName}/${partition}`);
  if (chosen.size > 0) throw new Error(`not acknowledged: ${[...chosen].join(', ')}`);
}

async function disconnect(open: Promise<OpenProducer>): Promise<void> {
  await open.then(({ producer }) => producer.disconnect()).catch(() => {});
}
