import type { Message, TopicMessages } from 'kafkajs';
import { UnavailableError } from '../../unavailable.ts';
import { settlesWithin } from '../backoff.ts';
import type { EventRecord } from '../port.ts';

export const publishWithinMs = 10_000;
/** Records that wait for their turn; beyond it a publish is refused at once. */
const maxWaiting = 20_000;
/** One send, well below the 1 MiB that a broker takes in one batch of a partition (message.max.bytes). */
const maxSendRecords = 1_000;
const maxSendBytes = 512 * 1024;

interface Call {
  topic: string;
  messages: Message[];
  bytes: number[];
  resolve: () => void;
  reject: (error: Error) => void;
  timer: NodeJS.Timeout;
  isSettled: boolean;
}

/** What is published while a send is on its way goes together in the next one. */
export class KafkaPublisher {
  #send: (topicMessages: TopicMessages[]) => Promise<void>;
  #waiting: Call[] = [];
  #waitingRecords = 0;
  #draining: Promise<void> | null = null;

  constructor(send: (topicMessages: TopicMessages[]) => Promise<void>) {
    this.#send = send;
  }

  /** As `Events.publish`; the topic is named as on the brokers. */
  publish(topic: string, records: EventRecord[]): Promise<void> {
    if (records.length === 0) return Promise.resolve();
    if (this.#waitingRecords + records.length > maxWaiting) {
      return Promise.reject(new UnavailableError(`publishing: ${this.#waitingRecords} records wait already`));
    }
    const bytes = records.map(sizeOf);
    const tooLarge = bytes.find((size) => size > maxSendBytes);
    if (tooLarge) return Promise.reject(new Error(`a record of ${tooLarge} bytes exceeds ${maxSendBytes}`));
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#settle(call, new UnavailableError(`publishing: no answer within ${publishWithinMs} ms`));
      }, publishWithinMs);
      const call: Call = {
        topic,
        messages: records.map(toMessage),
        bytes,
        resolve,
        reject,
        timer,
        isSettled: false,
      };
      this.#waiting.push(call);
      this.#waitingRecords += records.length;
      this.#draining ??= this.#drain();
    });
  }

  /** Waits for what is being published. */
  async close(): Promise<void> {
    if (this.#draining) await settlesWithin(this.#draining, publishWithinMs);
  }

  async #drain(): Promise<void> {
    // Whoever publishes in this turn of the event loop comes along.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.#waiting.length > 0) {
      const round = this.#nextRound();
      try {
        for (const topicMessages of sendsOf(round)) await this.#send(topicMessages);
        for (const call of round) this.#settle(call, null);
      } catch (error) {
        for (const call of round)
          this.#settle(call, error instanceof Error ? error : new Error(String(error)));
      }
    }
    this.#draining = null;
  }

  #nextRound(): Call[] {
    const round: Call[] = [];
    let records = 0;
    while (this.#waiting.length > 0 && records < maxSendRecords) {
      const call = this.#waiting.shift()!;
      this.#waitingRecords -= call.messages.length;
      if (call.isSettled) continue;
      records += call.messages.length;
      round.push(call);
    }
    return round;
  }

  #settle(call: Call, error: Error | null): void {
    if (call.isSettled) return;
    call.isSettled = true;
    clearTimeout(call.timer);
    if (error) call.reject(error);
    else call.resolve();
  }
}

/** The records of a round in order, cut into sends of a bounded size. */
function* sendsOf(round: Call[]): Generator<TopicMessages[]> {
  let byTopic = new Map<string, Message[]>();
  let records = 0;
  let bytes = 0;
  for (const call of round) {
    for (const [index, message] of call.messages.entries()) {
      const size = call.bytes[index]!;
      if (records > 0 && (records >= maxSendRecords || bytes + size > maxSendBytes)) {
        yield toTopicMessages(byTopic);
        byTopic = new Map();
        records = 0;
        bytes = 0;
      }
      const messages = byTopic.get(call.topic) ?? [];
      messages.push(message);
      byTopic.set(call.topic, messages);
      records++;
      bytes += size;
    }
  }
  if (records > 0) yield toTopicMessages(byTopic);
}

function toTopicMessages(byTopic: Map<string, Message[]>): TopicMessages[] {
  return [...byTopic].map(([topic, messages]) => ({ topic, messages }));
}

function toMessage({ key, value, headers }: EventRecord): Message {
  return headers ? { key, value, headers } : { key, value };
}

function sizeOf({ key, value, headers }: EventRecord): number {
  const text = key + value + (headers ? JSON.stringify(headers) : '');
  return Buffer.byteLength(text) + 70;
}
