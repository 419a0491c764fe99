import type { DatabaseSync } from 'node:sqlite';
import type { DeliveredRecord, EventRecord, TopicDeclaration } from '../port.ts';
import { GroupCommit } from './group-commit.ts';
import { openLogFile } from './log-file.ts';
import { partitionOf } from './partition-of.ts';
import { usualRetentionMs } from './retention.ts';

/** One partition of one topic. */
export interface Partition {
  id: number;
  topic: string;
  partition: number;
  /** The offset that the next record gets. */
  nextOffset: number;
}

/** The topics, their records and the groups' committed positions, in one SQLite file. */
export class RecordLog {
  readonly database: DatabaseSync;
  #commit: GroupCommit;
  #topics = new Map<string, Partition[]>();
  #retentionMs = new Map<string, number>();
  #statements: ReturnType<typeof prepare>;
  #grown = new Set<Partition>();

  /** `onGrown` is told of the partitions that got records, right after these are committed. */
  constructor(file: string, onGrown: (partitions: Iterable<Partition>) => void) {
    this.database = openLogFile(file);
    this.#statements = prepare(this.database);
    this.#loadTopics();
    this.#commit = new GroupCommit(this.database, () => {
      if (this.#grown.size === 0) return;
      const grown = this.#grown;
      this.#grown = new Set();
      onGrown(grown);
    });
  }

  #loadTopics(): void {
    this.#topics.clear();
    for (const row of this.#statements.partitions.all()) {
      const { id, topic, partition, next_offset } = row as unknown as PartitionRow;
      const list = this.#topics.get(topic) ?? [];
      list.push({ id, topic, partition, nextOffset: next_offset });
      this.#topics.set(topic, list);
    }
  }

  /** Made with the file, so that a new file is another log. */
  logId(): string {
    return String(this.database.prepare('SELECT id FROM log').get()?.id);
  }

  /** Creates what is missing; a topic that is there keeps its partitions. */
  createTopics(topics: TopicDeclaration[]): void {
    for (const { topic, retentionMs = usualRetentionMs } of topics) this.#retentionMs.set(topic, retentionMs);
    const missing = topics.filter(({ topic }) => !this.#topics.has(topic));
    if (missing.length === 0) return;
    this.#commit.flush();
    this.database.exec('BEGIN');
    for (const { topic, partitions } of missing) {
      for (let partition = 0; partition < partitions; partition++) {
        this.#statements.addPartition.run(topic, partition);
      }
    }
    this.database.exec('COMMIT');
    for (const { topic } of missing) {
      const rows = this.#statements.topicPartitions.all(topic) as unknown as PartitionRow[];
      this.#topics.set(
        topic,
        rows.map((row) => ({ id: row.id, topic, partition: row.partition, nextOffset: 0 })),
      );
    }
  }

  /** How long a topic's records are kept, if it was declared in this process. */
  retentionMs(topic: string): number | undefined {
    return this.#retentionMs.get(topic);
  }

  /** The partitions of a topic, in order; throws for a topic that nobody created. */
  partitions(topic: string): Partition[] {
    const partitions = this.#topics.get(topic);
    if (!partitions) throw new Error(`Unknown topic "${topic}": create it with createTopics first`);
    return partitions;
  }

  allPartitions(): Partition[] {
    return [...this.#topics.values()].flat();
  }

  /** Resolves when the records are committed. A failed commit leaves a gap in the offsets, never a repetition. */
  append(topic: string, records: EventRecord[]): Promise<void> {
    const partitions = this.partitions(topic);
    return this.#commit.run(() => {
      const nowMs = Date.now();
      const touched = new Set<Partition>();
      for (const { key, value, headers } of records) {
        const partition = partitions[partitionOf(key, partitions.length)]!;
        const offset = partition.nextOffset++;
        touched.add(partition);
        const encoded = headers ? JSON.stringify(headers) : '{}';
        this.#statements.append.run(partition.id, offset, key, value, encoded, nowMs);
      }
      for (const partition of touched) {
        this.#statements.advance.run(partition.nextOffset, partition.id);
        this.#grown.add(partition);
      }
    });
  }

  /** The next records from this offset on, oldest first. */
  read({ id }: Partition, fromOffset: number, limit: number): DeliveredRecord[] {
    const rows = this.#statements.read.all(id, fromOffset, limit) as unknown as RecordRow[];
    return rows.map(({ offset, key, value, headers, at_ms }) => ({
      key,
      value,
      headers: JSON.parse(headers) as Record<string, string>,
      offset,
      timestampMs: at_ms,
    }));
  }

  /** Makes the group known, so that nothing it has not read is dropped; a new one begins at the beginning. */
  register(group: string, partitions: Partition[]): void {
    for (const { id } of partitions) this.#statements.register.run(group, id, Date.now());
  }

  /** Where the group goes on in this partition. */
  position(group: string, { id }: Partition): number {
    const row = this.#statements.position.get(group, id) as { next_offset: number } | undefined;
    return row?.next_offset ?? 0;
  }

  /** Resolves when the position is committed. */
  commitPosition(group: string, { id }: Partition, nextOffset: number): Promise<void> {
    return this.#commit.run(() => {
      this.#statements.commit.run(group, id, nextOffset, Date.now());
    });
  }

  close(): void {
    this.#commit.flush();
    this.database.close();
  }
}

interface PartitionRow {
  id: number;
  topic: string;
  partition: number;
  next_offset: number;
}

interface RecordRow {
  offset: number;
  key: string | null;
  value: string | null;
  headers: string;
  at_ms: number;
}

function prepare(database: DatabaseSync) {
  return {
    partitions: database.prepare(
      'SELECT id, topic, partition, next_offset FROM partitions ORDER BY topic, partition',
    ),
    topicPartitions: database.prepare(
      'SELECT id, partition FROM partitions WHERE topic = ? ORDER BY partition',
    ),
    addPartition: database.prepare('INSERT INTO partitions (topic, partition, next_offset) VALUES (?, ?, 0)'),
    advance: database.prepare('UPDATE partitions SET next_offset = ? WHERE id = ?'),
    append: database.prepare(
      'INSERT INTO records (partition_id, offset, key, value, headers, at_ms) VALUES (?, ?, ?, ?, ?, ?)',
    ),
    read: database.prepare(
      'SELECT offset, key, value, headers, at_ms FROM records WHERE partition_id = ? AND offset >= ? ORDER BY offset LIMIT ?',
    ),
    register: database.prepare(
      `INSERT INTO positions (group_id, partition_id, next_offset, seen_ms) VALUES (?, ?, 0, ?)
       ON CONFLICT DO UPDATE SET seen_ms = excluded.seen_ms`,
    ),
    position: database.prepare('SELECT next_offset FROM positions WHERE group_id = ? AND partition_id = ?'),
    commit: database.prepare(
      `INSERT INTO positions (group_id, partition_id, next_offset, seen_ms) VALUES (?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET next_offset = excluded.next_offset, seen_ms = excluded.seen_ms`,
    ),
  };
}
