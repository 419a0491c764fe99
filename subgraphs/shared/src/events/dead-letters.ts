import type { DeliveredRecord, EventRecord } from './port.ts';

/** Where the records of a topic go that nobody can decode. */
export function deadLetterTopic(topic: string): string {
  return `${topic}.dlq`;
}

/** A record that cannot be decoded, and why. */
export interface Poison {
  record: DeliveredRecord;
  cause: string;
}

/** The record as it came (no key or value becomes an empty one), with its cause and origin in the headers. */
export function deadLetter(
  { record, cause }: Poison,
  from: { topic: string; partition: number },
  nowMs: number,
): EventRecord {
  return {
    key: record.key ?? '',
    value: record.value ?? '',
    headers: {
      ...record.headers,
      'dlq-cause': cause,
      'dlq-topic': from.topic,
      'dlq-partition': String(from.partition),
      'dlq-offset': String(record.offset),
      'dlq-time': new Date(nowMs).toISOString(),
    },
  };
}
