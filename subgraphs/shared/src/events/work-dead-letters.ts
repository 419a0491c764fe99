import {
  type DeadLetter,
  deadLetterTopic,
  formatPlace,
  type Place,
  type Resolution,
  readDeadLetter,
  readResolution,
  replayRecord,
  resolutionRecord,
} from './dead-letters.ts';
import type { Events } from './port.ts';

/**
 * The dead letters of these topics that nobody has replayed or discarded, as of now: what is set aside meanwhile is
 * for the next time. It reads the dead-letter topics twice, so that it keeps a place per open letter, not its value.
 */
export async function* openDeadLetters(
  events: Events,
  sourceTopics: string[],
): AsyncGenerator<DeadLetter, void> {
  const topics = sourceTopics.map(deadLetterTopic);
  const open = new Set<string>();
  for await (const record of events.readAll(topics)) {
    const resolved = readResolution(record);
    if (resolved) open.delete(formatPlace(resolved.of));
    else open.add(formatPlace(record));
  }
  if (open.size === 0) return;
  for await (const record of events.readAll(topics)) {
    if (open.delete(formatPlace(record))) yield readDeadLetter(record);
    if (open.size === 0) return;
  }
}

/** The dead letter at this place, and what became of it; null when none lies there. */
export async function findDeadLetter(
  events: Events,
  place: Place,
): Promise<{ letter: DeadLetter; resolution: Resolution | null } | null> {
  const wanted = formatPlace(place);
  let letter: DeadLetter | null = null;
  let resolution: Resolution | null = null;
  for await (const record of events.readAll([place.topic])) {
    const resolved = readResolution(record);
    if (resolved && formatPlace(resolved.of) === wanted) resolution = resolved.resolution;
    if (!resolved && formatPlace(record) === wanted) letter = readDeadLetter(record);
  }
  return letter && { letter, resolution };
}

/** Whether the whole record is there, to be published again. */
export function isWhole({ cutFromBytes }: DeadLetter): boolean {
  return cutFromBytes === null;
}

/**
 * Publishes the letters' records to their source topics again, then marks the letters. Who dies in between leaves them
 * open: replaying them again is harmless, as every second delivery is. Rejects with UnavailableError.
 */
export async function replayDeadLetters(events: Events, letters: DeadLetter[], nowMs: number): Promise<void> {
  const cut = letters.find((letter) => !isWhole(letter));
  if (cut) throw new Error(`${formatPlace(cut.place)} was cut: it cannot be replayed`);
  for (const [topic, own] of Map.groupBy(letters, ({ sourceTopic }) => sourceTopic)) {
    await events.publish(topic, own.map(replayRecord));
  }
  await mark(events, letters, { kind: 'replayed', at: new Date(nowMs).toISOString() });
}

/** Marks the letters as done with; they stay in their topic. Rejects with UnavailableError. */
export async function discardDeadLetters(
  events: Events,
  letters: DeadLetter[],
  nowMs: number,
): Promise<void> {
  await mark(events, letters, { kind: 'discarded', at: new Date(nowMs).toISOString() });
}

async function mark(events: Events, letters: DeadLetter[], resolution: Resolution): Promise<void> {
  for (const [topic, own] of Map.groupBy(letters, ({ place }) => place.topic)) {
    await events.publish(
      topic,
      own.map((letter) => resolutionRecord(letter, resolution)),
    );
  }
}
