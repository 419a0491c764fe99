import type { DatabaseSync } from 'node:sqlite';

/** As Kafka keeps records by default: log.retention.hours = 168. */
export const usualRetentionMs = 7 * 24 * 3_600_000;
/** Records that everybody has read are kept, for a look back, up to this many in a partition. */
const maxReadRecords = 10_000;
/** A group that nobody has joined or committed for so long is forgotten. */
const groupExpiresAfterMs = 30 * 24 * 3_600_000;
/** At most this many are dropped from a partition at once, so that nobody waits for the sweep. */
const maxDropped = 2_000;

export interface RetentionOptions {
  nowMs: number;
  /** Groups with a member now: never forgotten. */
  liveGroups: Iterable<string>;
  /** The lowest offset that a reader without committed positions still wants; Infinity when there is none. */
  heldOffset: (partitionId: number) => number;
  /** How long a topic's records are kept; undefined: nobody said, so all are. */
  retentionMs: (topic: string) => number | undefined;
}

interface PartitionRange {
  id: number;
  topic: string;
  next: number;
  read: number | null;
  first: number | null;
}

/** Drops records that every known group has read and that are old or too many. Offsets are never given again. */
export function applyRetention(database: DatabaseSync, options: RetentionOptions): void {
  const { nowMs, liveGroups, heldOffset, retentionMs } = options;
  forgetGroups(database, nowMs, new Set(liveGroups));
  const partitions = database
    .prepare(
      `SELECT p.id, p.topic, p.next_offset AS next, (SELECT MIN(next_offset) FROM positions WHERE partition_id = p.id) AS read,
         (SELECT MIN(offset) FROM records WHERE partition_id = p.id) AS first FROM partitions p`,
    )
    .all() as unknown as PartitionRange[];
  const firstYoung = database.prepare(
    'SELECT offset FROM records WHERE partition_id = ? AND at_ms >= ? ORDER BY offset LIMIT 1',
  );
  const drop = database.prepare('DELETE FROM records WHERE partition_id = ? AND offset >= ? AND offset < ?');
  for (const { id, topic, next, read, first } of partitions) {
    const keptMs = retentionMs(topic);
    if (first === null || keptMs === undefined) continue;
    const allRead = Math.min(read ?? next, heldOffset(id), next);
    const young = firstYoung.get(id, nowMs - keptMs) as { offset: number } | undefined;
    const unwanted = Math.max(next - maxReadRecords, young?.offset ?? next);
    drop.run(id, first, Math.min(allRead, unwanted, first + maxDropped));
  }
}

function forgetGroups(database: DatabaseSync, nowMs: number, live: Set<string>): void {
  const stale = database
    .prepare('SELECT group_id FROM positions GROUP BY group_id HAVING MAX(seen_ms) < ?')
    .all(nowMs - groupExpiresAfterMs) as unknown as { group_id: string }[];
  const forget = database.prepare('DELETE FROM positions WHERE group_id = ?');
  for (const { group_id } of stale) if (!live.has(group_id)) forget.run(group_id);
}
