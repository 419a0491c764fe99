import type { RetiredVersion } from '@shop/contracts/events/retired.ts';
import { deadLetterTopics } from '@shop/contracts/events/topics.ts';

const dayMs = 24 * 3_600_000;
/** `log.retention.hours` of Kafka is 168 by default, and our topics do not say otherwise. */
const topicRetentionMs = 7 * dayMs;

/** A record may be set aside on its topic's last day, and then lies there for as long as dead letters are kept. */
export const recordsKeptForMs =
  topicRetentionMs + Math.max(...Object.values(deadLetterTopics).map(({ retentionMs }) => retentionMs));

/** Whether the text is a day, such as `2026-01-31`, that has begun. */
export function isDay(text: string, today: Date): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const day = new Date(`${text}T00:00:00.000Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text) && day <= today;
}

/** True when no record of the version can lie anywhere any more; else why the schema has to stay. */
export function mayGo(
  { lastWrittenOn }: RetiredVersion,
  { keptForMs, today }: { keptForMs: number; today: Date },
): true | string {
  if (!isDay(lastWrittenOn, today)) return `it is to be kept: ${lastWrittenOn} is no day of the past`;
  // The day is over at its end.
  const until = new Date(Date.parse(`${lastWrittenOn}T00:00:00.000Z`) + dayMs + keptForMs);
  if (today >= until) return true;
  return `records of it may lie in topics and dead letters until ${until.toISOString().slice(0, 10)}`;
}
