import type { DeliveredRecord, EventRecord, StoredRecord } from './port.ts';

const suffix = '.dlq';

/** Where the records of a topic go that nobody can decode. */
export function deadLetterTopic(topic: string): string {
  return `${topic}${suffix}`;
}

/** A record that cannot be decoded, and why. */
export interface Poison {
  record: DeliveredRecord;
  cause: string;
}

/** What we say about a dead letter stands in headers of these names, among those that it came with. */
const ours = 'dlq-';
/** Travels with a replayed record, so that a letter that fails again still says where it was found first. */
const replayOf = `${ours}replay-of`;

/** A letter larger than this is cut: with it a publish stays below what publishers and brokers take at once. */
const maxLetterBytes = 448 * 1024;
const cutTo = { valueChars: 64 * 1024, keyChars: 1024 };

/**
 * The record as it came (no key or value becomes an empty one), with its cause and origin in the headers. One that
 * is too large to be published is cut, since its partition would wait for it for ever, and says how large it was.
 */
export function deadLetter(
  { record, cause }: Poison,
  from: { topic: string; partition: number },
  nowMs: number,
): EventRecord {
  const { [replayOf]: first } = record.headers;
  const whole = { key: record.key ?? '', value: record.value ?? '', headers: withoutOurs(record.headers) };
  const bytes = Buffer.byteLength(whole.key + whole.value + JSON.stringify(whole.headers));
  const kept = bytes > maxLetterBytes ? cut(whole, bytes) : whole;
  return {
    ...kept,
    headers: {
      ...kept.headers,
      ...(first !== undefined && { [replayOf]: first.slice(0, cutTo.keyChars) }),
      'dlq-cause': cause,
      'dlq-topic': from.topic,
      'dlq-partition': String(from.partition),
      'dlq-offset': String(record.offset),
      'dlq-time': new Date(nowMs).toISOString(),
    },
  };
}

function cut({ key, value }: EventRecord, bytes: number): EventRecord {
  return {
    key: key.slice(0, cutTo.keyChars),
    value: value.slice(0, cutTo.valueChars),
    headers: { 'dlq-cut': String(bytes) },
  };
}

function withoutOurs(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !name.startsWith(ours)));
}

/** Where a record lies. */
export interface Place {
  topic: string;
  partition: number;
  offset: number;
}

/** `orders.v1.dlq/0/12` */
export function formatPlace({ topic, partition, offset }: Place): string {
  return `${topic}/${partition}/${offset}`;
}

/** The place that the text names; null when it names none. */
export function parsePlace(text: string): Place | null {
  const [, topic, partition, offset] = /^([\w.-]+)\/(\d{1,10})\/(\d{1,15})$/.exec(text) ?? [];
  return topic ? { topic, partition: Number(partition), offset: Number(offset) } : null;
}

/** What lies in a dead-letter topic. */
export interface DeadLetter {
  place: Place;
  /** The topic that it belongs to. */
  sourceTopic: string;
  /** Where a consumer found it; null when something else wrote it. */
  source: Place | null;
  /** Where it was found before it was first replayed; null when it never was. */
  replayOf: Place | null;
  cause: string;
  setAsideAt: string;
  /** Of the whole record, where only its beginning is kept. */
  cutFromBytes: number | null;
  key: string;
  value: string;
  /** Those that the record came with. */
  headers: Record<string, string>;
}

export function isDeadLetterTopic(topic: string): boolean {
  return topic.endsWith(suffix) && topic.length > suffix.length;
}

/** Makes a dead letter of a record of a dead-letter topic that is no resolution. */
export function readDeadLetter(record: StoredRecord): DeadLetter {
  const { topic, partition, offset, headers, timestampMs } = record;
  const found = `${headers['dlq-topic']}/${headers['dlq-partition']}/${headers['dlq-offset']}`;
  return {
    place: { topic, partition, offset },
    sourceTopic: topic.slice(0, -suffix.length),
    source: parsePlace(found),
    replayOf: parsePlace(headers[replayOf] ?? ''),
    cause: headers['dlq-cause'] ?? 'not said',
    setAsideAt: headers['dlq-time'] ?? new Date(timestampMs).toISOString(),
    cutFromBytes: 'dlq-cut' in headers ? Number(headers['dlq-cut']) : null,
    key: record.key ?? '',
    value: record.value ?? '',
    headers: withoutOurs(headers),
  };
}

/** The record to publish to the letter's source topic: as it came, and where it was found first. */
export function replayRecord({ key, value, headers, replayOf: first, source }: DeadLetter): EventRecord {
  const origin = first ?? source;
  return { key, value, headers: { ...headers, ...(origin && { [replayOf]: formatPlace(origin) }) } };
}

/** What became of a dead letter. */
export interface Resolution {
  kind: 'replayed' | 'discarded';
  at: string;
}

/**
 * The record that says so, for the letter's own topic, since what is in a log stays there. Its key is the letter's, so
 * that it lies in the same partition, behind the letter, and outlives it.
 */
export function resolutionRecord({ key, place }: DeadLetter, { kind, at }: Resolution): EventRecord {
  const headers = { 'dlq-resolves': formatPlace(place), 'dlq-resolution': kind, 'dlq-time': at };
  return { key, value: '', headers };
}

/** Which letter the record resolves, and how; null when it is no resolution. */
export function readResolution(record: StoredRecord): { of: Place; resolution: Resolution } | null {
  const { 'dlq-resolves': resolves, 'dlq-resolution': said, 'dlq-time': at = '' } = record.headers;
  const of = resolves === undefined ? null : parsePlace(resolves);
  if (!of) return null;
  return { of, resolution: { kind: said === 'replayed' ? said : 'discarded', at } };
}
