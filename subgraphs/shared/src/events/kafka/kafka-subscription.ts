import type { Consumer, ConsumerCrashEvent, ConsumerGroupJoinEvent, EachBatchPayload } from 'kafkajs';
import type { Logger } from 'pino';
import { settlesWithin } from '../backoff.ts';
import { rebalanceTimeoutMs } from '../deliver.ts';
import type { OnBatch, Subscription } from '../port.ts';
import { type Assignment, PartitionRun } from './partition-run.ts';

/**
 * kafkajs fetches from a broker again only when everything it had fetched there is handled. A partition that
 * takes longer than this, or whose handler rejects, is paused and goes on beside, so that it holds up no other.
 */
const patienceMs = 250;
/** Partitions handled at once; more than a process has, since each waits for the database most of its time. */
const concurrentPartitions = 24;
const startWithinMs = 5_000;
/** Between a loss after which kafkajs does not start again and our own start. */
const startAgainMs = 1_000;

export interface KafkaSubscriptionOptions {
  consumer: Consumer;
  group: string;
  /** Topics as on the brokers, and what callers call them. */
  topics: Map<string, string>;
  maxBatch: number;
  onBatch: OnBatch;
  /** Where a broadcast starts, by `topic/partition`; it is kept up to date. Null: a group, which commits. */
  positions: Map<string, string> | null;
  log: Logger;
  onFatal: (error: Error) => void;
}

/** One consumer, from its start to its stop. */
export class KafkaSubscription implements Subscription {
  #options: KafkaSubscriptionOptions;
  #assignment: Assignment = { controller: new AbortController(), isOver: false };
  #runs = new Map<string, Promise<void>>();
  #isReady = false;
  #isStarting = true;
  #onSettledStart: () => void = () => {};
  #stopping: Promise<void> | null = null;
  #nextStart: NodeJS.Timeout | undefined;

  constructor(options: KafkaSubscriptionOptions) {
    this.#options = options;
  }

  async start(): Promise<void> {
    const { consumer } = this.#options;
    consumer.on(consumer.events.GROUP_JOIN, (event) => this.#onJoin(event));
    consumer.on(consumer.events.REBALANCING, () => this.#assignment.controller.abort());
    consumer.on(consumer.events.STOP, () => this.#endAssignment());
    consumer.on(consumer.events.CRASH, (event) => this.#onCrash(event));
    await this.#run();
  }

  #run(): Promise<void> {
    return this.#options.consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      partitionsConsumedConcurrently: concurrentPartitions,
      eachBatch: (payload) => this.#eachBatch(payload),
    });
  }

  isReady(): boolean {
    return this.#isReady && !this.#stopping;
  }

  stop(): Promise<void> {
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  async #stop(): Promise<void> {
    const { consumer, topics } = this.#options;
    this.#assignment.controller.abort();
    clearTimeout(this.#nextStart);
    // kafkajs would go on joining after a stop in the middle of its start: let that end, one way or the other.
    if (this.#isStarting) await this.#startSettles();
    tolerate(() => consumer.pause([...topics.keys()].map((topic) => ({ topic }))));
    // Before the group is left, so that what is done is committed.
    await settlesWithin(Promise.all(this.#runs.values()), rebalanceTimeoutMs);
    await settlesWithin(consumer.disconnect(), rebalanceTimeoutMs);
    this.#endAssignment();
  }

  async #startSettles(): Promise<void> {
    const settled = new Promise<void>((resolve) => {
      this.#onSettledStart = resolve;
    });
    await settlesWithin(settled, startWithinMs);
    // A crash schedules its restart right after the event: stop afterwards, so that it is taken back.
    await new Promise((resolve) => setImmediate(resolve));
  }

  #endAssignment(): void {
    this.#isReady = false;
    this.#assignment.isOver = true;
    this.#assignment.controller.abort();
  }

  #onJoin({ payload }: ConsumerGroupJoinEvent): void {
    const { consumer, positions, topics } = this.#options;
    this.#endAssignment();
    this.#isStarting = false;
    this.#onSettledStart();
    if (this.#stopping) return;
    this.#assignment = { controller: new AbortController(), isOver: false };
    consumer.resume([...topics.keys()].map((topic) => ({ topic })));
    for (const [topic, partitions] of Object.entries(payload.memberAssignment)) {
      for (const partition of partitions) {
        const offset = positions?.get(`${topic}/${partition}`);
        if (offset !== undefined) consumer.seek({ topic, partition, offset });
      }
    }
    this.#isReady = true;
  }

  #onCrash({ payload: { error, restart } }: ConsumerCrashEvent): void {
    const { group, log } = this.#options;
    this.#endAssignment();
    this.#isStarting = restart;
    this.#onSettledStart();
    if (this.#stopping) return;
    if (!restart && !isCoordinatorLost(error)) {
      this.#failForGood(error);
      return;
    }
    log.warn({ err: error, group }, 'consumer: lost its brokers, starting again');
    if (!restart) this.#nextStart = setTimeout(() => this.#startAgain(), startAgainMs);
  }

  /** kafkajs has stopped the consumer and disconnected it; it begins anew, from the committed offsets. */
  #startAgain(): void {
    this.#isStarting = true;
    this.#run().catch((error: unknown) => {
      this.#isStarting = false;
      this.#failForGood(error instanceof Error ? error : new Error(String(error)));
    });
  }

  #failForGood(error: Error): void {
    const { group, onFatal } = this.#options;
    onFatal(
      new Error(`the consumer of group "${group}" failed for good: ${error.message}`, { cause: error }),
    );
  }

  async #eachBatch(payload: EachBatchPayload): Promise<void> {
    const assignment = this.#assignment;
    if (assignment.controller.signal.aborted || payload.isStale()) return;
    const run = this.#startRun(payload, assignment);
    await Promise.race([settlesWithin(run.done, patienceMs), run.rejected]);
    // The partitions were dealt anew meanwhile: their positions are no business of this batch any more.
    if (assignment.isOver) return;
    if (!run.isDone) {
      this.#goOnBeside(payload, assignment, run);
      return;
    }
    if (run.lastOffset !== null) payload.resolveOffset(run.lastOffset);
    // kafkajs joins the group again, or connects again, according to the error.
    if (run.error) throw run.error;
  }

  #startRun(payload: EachBatchPayload, assignment: Assignment): PartitionRun {
    const { topics, group, maxBatch, onBatch, log } = this.#options;
    const key = keyOf(payload);
    const run = new PartitionRun({
      payload,
      assignment,
      topic: topics.get(payload.batch.topic) ?? payload.batch.topic,
      group,
      maxBatch,
      onBatch,
      commit: (nextOffset) => this.#commit(payload, nextOffset),
      previous: this.#runs.get(key),
      log,
    });
    const done = run.done.then(() => {
      if (this.#runs.get(key) === done) this.#runs.delete(key);
    });
    this.#runs.set(key, done);
    return run;
  }

  /** Straight to the group: `consumer.commitOffsets` does nothing, in silence, once a stop has begun. */
  async #commit({ batch, commitOffsetsIfNecessary }: EachBatchPayload, offset: string): Promise<void> {
    const { topic, partition } = batch;
    const { positions } = this.#options;
    if (positions) positions.set(`${topic}/${partition}`, offset);
    else await commitOffsetsIfNecessary({ topics: [{ topic, partitions: [{ partition, offset }] }] });
  }

  /** The partition is not fetched until its run is done, and then from where the run has come. */
  #goOnBeside(payload: EachBatchPayload, assignment: Assignment, run: PartitionRun): void {
    const { topic, partition, messages } = payload.batch;
    const { consumer, log, group } = this.#options;
    const resume = payload.pause();
    void run.done.then(() => {
      if (run.error) log.warn({ err: run.error, group, topic, partition }, 'offsets could not be committed');
      if (assignment.isOver || this.#stopping) return;
      const offset = run.lastOffset === null ? messages[0]!.offset : String(Number(run.lastOffset) + 1);
      tolerate(() => consumer.seek({ topic, partition, offset }));
      resume();
    });
  }
}

function keyOf({ batch: { topic, partition } }: EachBatchPayload): string {
  return `${topic}/${partition}`;
}

/**
 * kafkajs gives up for good when no broker tells where the group's coordinator is, for whatever reason: a broker
 * that was slow for a moment is one.
 */
function isCoordinatorLost(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return error.name === 'KafkaJSGroupCoordinatorNotFound' || isCoordinatorLost(error.cause);
}

/** For calls that kafkajs refuses while the consumer is between two lives, when they are not needed. */
function tolerate(call: () => void): void {
  try {
    call();
  } catch {
    // The next life begins from the committed offsets, with nothing paused.
  }
}
