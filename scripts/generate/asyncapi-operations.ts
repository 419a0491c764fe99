import { flows } from '@shop/contracts/events/flows.ts';
import { topics } from '@shop/contracts/events/topics.ts';
import { writtenSchemaOf } from '@shop/shared/events/cloud-event';
import { eventMessages, type TopicName } from './asyncapi-messages.ts';

type Operations = Record<string, object>;

interface Receiving {
  topic: TopicName;
  types: readonly string[];
  why: string;
  group?: string;
  broadcast?: string;
}

/** The name of the channel of a topic's dead letters. */
export function deadLetterChannel(topic: TopicName): string {
  return `${topic}DeadLetters`;
}

/** What each subgraph sends and receives, and what whoever works the dead letters does. */
export function operationsOf(): Operations {
  const operations: Operations = {};
  for (const [subgraph, { sends, receives }] of Object.entries(flows)) {
    for (const { topic, types } of sends) {
      operations[`${subgraph}.send.${topic}`] = sending(subgraph, topic, types);
    }
    for (const flow of receives as readonly Receiving[]) {
      const name = flow.group ?? flow.broadcast;
      operations[`${subgraph}.receive.${flow.topic}.${name}`] = receiving(subgraph, flow);
      if (flow.group) operations[`${subgraph}.setAside.${flow.topic}.${name}`] = settingAside(subgraph, flow);
    }
  }
  for (const topic of Object.keys(topics) as TopicName[]) Object.assign(operations, workingLetters(topic));
  return operations;
}

function sending(subgraph: string, topic: TopicName, types: readonly string[]): object {
  const written = eventMessages.filter(
    ({ type, schema }) => types.includes(type) && schema.$id === writtenSchemaOf(type),
  );
  const names = written.map(({ name }) => name);
  return operation('send', subgraph, topic, names, `Tells ${topics[topic].topic} what has happened.`);
}

function receiving(subgraph: string, { topic, types, why, group }: Receiving): object {
  // Whatever version lies in the topic.
  const names = eventMessages.filter(({ type }) => types.includes(type)).map(({ name }) => name);
  const description = group
    ? `Group \`${group}\`: its members share the partitions, and offsets are committed when a batch is dealt with.`
    : 'Each process for itself, from the moment it starts; nothing is committed.';
  const bindings = group && {
    bindings: { kafka: { groupId: { type: 'string', enum: [group] }, bindingVersion: '0.5.0' } },
  };
  return { ...operation('receive', subgraph, topic, names, why), description, ...bindings };
}

function settingAside(subgraph: string, { topic }: Receiving): object {
  const summary = `Sets aside what it cannot decode of ${topics[topic].topic}.`;
  return operation('send', subgraph, deadLetterChannel(topic), ['deadLetter'], summary);
}

/** `npm run dlq` */
function workingLetters(topic: TopicName): Operations {
  const letters = deadLetterChannel(topic);
  const all = eventMessages.filter((message) => message.topic === topic).map(({ name }) => name);
  const read = 'Lists and shows what was set aside.';
  return {
    [`operator.receive.${letters}`]: operation(
      'receive',
      'operator',
      letters,
      ['deadLetter', 'resolution'],
      read,
    ),
    [`operator.replay.${topic}`]: operation('send', 'operator', topic, all, 'Publishes dead letters again.'),
    [`operator.resolve.${letters}`]: operation(
      'send',
      'operator',
      letters,
      ['resolution'],
      'Says what became of one.',
    ),
  };
}

function operation(
  action: 'send' | 'receive',
  who: string,
  channel: string,
  messages: string[],
  summary: string,
): object {
  return {
    action,
    channel: { $ref: `#/channels/${channel}` },
    title: `${who}: ${action} ${channel}`,
    summary,
    tags: [{ name: who }],
    messages: messages.map((name) => ({ $ref: `#/channels/${channel}/messages/${name}` })),
  };
}
