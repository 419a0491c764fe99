import { parse } from 'yaml';

/** A change of the topics that no consumer and no fence would survive. */
export interface TopicChange {
  code: 'PARTITIONS_CHANGED' | 'EVENT_MOVED';
  message: string;
}

interface Topic {
  partitions: number;
  messages: string[];
}

/**
 * Compares two states of asyncapi.yaml. A topic keeps its partitions, since keys would move, and their order with them;
 * an event that there still is stays in its topic, since consumers look for it there.
 */
export function compareTopics(older: string, newer: string): TopicChange[] {
  const now = topicsIn(newer);
  const known = new Set([...now.values()].flatMap(({ messages }) => messages));
  return [...topicsIn(older)].flatMap(([address, before]) => {
    const after = now.get(address);
    const moved = before.messages.filter((name) => known.has(name) && !after?.messages.includes(name));
    const isCut = after !== undefined && after.partitions !== before.partitions;
    const message = `${address}: ${before.partitions} partitions → ${after?.partitions}; a new name is needed`;
    return [
      ...(isCut ? [{ code: 'PARTITIONS_CHANGED', message } as const] : []),
      ...moved.map(
        (name) => ({ code: 'EVENT_MOVED', message: `${name} is no longer in ${address}` }) as const,
      ),
    ];
  });
}

interface Document {
  channels: Record<
    string,
    { address: string; messages: object; bindings: { kafka: { partitions: number } } }
  >;
}

function topicsIn(text: string): Map<string, Topic> {
  const { channels } = parse(text) as Document;
  return new Map(
    Object.values(channels).map(({ address, messages, bindings }) => [
      address,
      { partitions: bindings.kafka.partitions, messages: Object.keys(messages) },
    ]),
  );
}
