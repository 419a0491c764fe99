import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { BulkWrite, Collection, Filter } from '../documents/port.ts';
import { type BackoffRange, backoffMs, pause, settlesWithin } from './backoff.ts';
import { encodeUnchecked } from './cloud-event.ts';
import type { OutboxDoc, OutboxEntry } from './outbox.ts';
import type { EventRecord, Events } from './port.ts';

export type { OutboxDoc, OutboxEntry } from './outbox.ts';
export { outboxEntry, outboxFields, outboxIndex, pushOutbox } from './outbox.ts';

const sweepEveryMs = 1_000;
/** A sweep leaves younger documents to the nudge that is most likely on its way. */
const sweepOlderThanMs = 2_000;
/** Documents in one round: a find, a publish and a bulkWrite. */
const maxRound = 200;
/** Nudges beyond this are left to the sweep. */
const maxNudges = 10_000;
const retry: BackoffRange = { minMs: 500, maxMs: 10_000 };
const flushWithinMs = 5_000;

export interface OutboxRelayOptions<T extends OutboxDoc = OutboxDoc> {
  /** Its documents are indexed by `outboxIndex`. */
  collection: Collection<T>;
  topic: string;
  /** The source of the events: `/orders`. */
  source: string;
  events: Events;
  log: Logger;
  clock?: () => Date;
}

/** Publishes what documents carry in their outbox: perhaps twice, never not at all, in order per document. */
export interface OutboxRelay {
  /** Publishes this document's outbox now, together with the others nudged at this moment. Never rejects. */
  nudge(documentId: string): void;
  /** Starts the sweep that finds what no nudge has published. */
  start(): void;
  /** Publishes what waited when it was called, as far as it gets in 5 s; the rest is safe where it is. */
  flush(): Promise<void>;
  /** Stops when the round that runs is done. Idempotent. */
  stop(): Promise<void>;
}

/** A relay of one collection to one topic. It publishes nothing before it is nudged, flushed or started. */
export function createOutboxRelay<T extends OutboxDoc>(options: OutboxRelayOptions<T>): OutboxRelay {
  // It reads and writes the fields of OutboxDoc alone, which every T has.
  const collection = options.collection as unknown as Collection<OutboxDoc>;
  return new Relay({ ...options, collection });
}

class Relay implements OutboxRelay {
  #options: OutboxRelayOptions;
  #clock: () => Date;
  #nudged = new Set<string>();
  #draining: Promise<void> | null = null;
  #sweeping: Promise<void> | null = null;
  /** Rounds run one after the other, so that a sweep and a nudge do not publish the same entries. */
  #lastRound: Promise<unknown> = Promise.resolve();
  #failures = 0;
  #stopped = new AbortController();

  constructor(options: OutboxRelayOptions) {
    this.#options = options;
    this.#clock = options.clock ?? (() => new Date());
  }

  nudge(documentId: string): void {
    const isFull = this.#nudged.size >= maxNudges;
    // While the brokers are away the sweep alone tries, with pauses.
    if (isFull || this.#failures > 0 || this.#stopped.signal.aborted) return;
    this.#nudged.add(documentId);
    this.#draining ??= this.#drain().finally(() => {
      this.#draining = null;
    });
  }

  start(): void {
    this.#sweeping ??= this.#sweepForEver();
  }

  async flush(): Promise<void> {
    const now = this.#clock();
    const drained = (async () => {
      await this.#draining;
      await this.#sweep(now);
    })();
    await settlesWithin(drained, flushWithinMs);
  }

  async stop(): Promise<void> {
    this.#stopped.abort();
    await Promise.all([this.#draining, this.#sweeping, this.#lastRound]);
  }

  async #drain(): Promise<void> {
    await nextTurn();
    while (this.#nudged.size > 0) {
      const ids = [...this.#nudged.values().take(maxRound)];
      for (const id of ids) this.#nudged.delete(id);
      await this.#round({ _id: { $in: ids } });
    }
  }

  async #sweepForEver(): Promise<void> {
    const { signal } = this.#stopped;
    while (!signal.aborted) {
      await this.#sweep(new Date(this.#clock().getTime() - sweepOlderThanMs));
      await pause(this.#failures > 0 ? backoffMs(this.#failures, retry) : sweepEveryMs, signal);
    }
  }

  /** Publishes the documents that wait since before this moment, oldest first, page by page. */
  async #sweep(before: Date): Promise<void> {
    for (let found = maxRound; found === maxRound && !this.#stopped.signal.aborted; ) {
      found = await this.#round({ outboxAt: { $lte: before } });
    }
  }

  /** Answers how many documents it has dealt with; 0 when it failed, which is logged once per outage. */
  #round(filter: Filter<OutboxDoc>): Promise<number> {
    const round = this.#lastRound
      .then(() => this.#relay(filter))
      .then(
        (found) => {
          if (this.#failures > 0)
            this.#options.log.info({ topic: this.#options.topic }, 'outbox: published again');
          this.#failures = 0;
          return found;
        },
        (error: unknown) => {
          if (this.#failures === 0) {
            this.#options.log.warn(
              { err: error, topic: this.#options.topic },
              'outbox: cannot be published for now',
            );
          }
          this.#failures++;
          this.#nudged.clear();
          return 0;
        },
      );
    this.#lastRound = round;
    return round;
  }

  async #relay(filter: Filter<OutboxDoc>): Promise<number> {
    const { collection, events, topic } = this.#options;
    const query = { sort: { outboxAt: 1 }, projection: { outbox: 1 }, limit: maxRound } as const;
    const documents = await collection.find(filter, query).toArray();
    if (documents.length === 0) return 0;
    const records = documents.flatMap((document) => this.#recordsOf(document));
    if (records.length > 0) await events.publish(topic, records);
    const { matchedCount } = await collection.bulkWrite(documents.map(emptyWhole), { ordered: false });
    if (matchedCount < documents.length) await collection.bulkWrite(documents.flatMap(takeOut));
    return documents.length;
  }

  #recordsOf({ _id, outbox }: OutboxDoc): EventRecord[] {
    const { source } = this.#options;
    return outbox.map(({ id, type, data, at, major }) => ({
      key: _id,
      value: encodeUnchecked({ id, source, type, subject: _id, time: at, data, major }),
    }));
  }
}

/**
 * Empties an outbox that holds what was published and nothing else: the last entry is where it was found, so nothing
 * in front of it is new either, and nothing has come behind it.
 */
function emptyWhole({ _id, outbox }: OutboxDoc): BulkWrite<OutboxDoc> {
  const isAsFound: Record<string, unknown> = { [`outbox.${outbox.length}`]: { $exists: false } };
  const last = outbox.at(-1);
  if (last) isAsFound[`outbox.${outbox.length - 1}.id`] = last.id;
  const filter = { _id, ...isAsFound };
  return { updateOne: { filter, update: { ...pull(outbox), $unset: { outboxAt: '' } } } };
}

/** Takes out what was published, whatever else has come in; the mark goes only if nothing has. */
function takeOut({ _id, outbox }: OutboxDoc): BulkWrite<OutboxDoc>[] {
  return [
    { updateOne: { filter: { _id }, update: pull(outbox) } },
    { updateOne: { filter: { _id, 'outbox.0': { $exists: false } }, update: { $unset: { outboxAt: '' } } } },
  ];
}

function pull(outbox: OutboxEntry[]) {
  return { $pull: { outbox: { id: { $in: outbox.map(({ id }) => id) } } } };
}
