import { flows } from '@shop/contracts/events/flows.ts';
import { schemas } from '@shop/contracts/events/schemas.ts';
import { topics } from '@shop/contracts/events/topics.ts';
import type { EventType } from '@shop/shared/events/cloud-event';

export type TopicName = keyof typeof topics;

/** A major version of an event: what AsyncAPI calls a message, under the name `order.placed.v1`. */
export interface EventMessage {
  name: string;
  type: EventType;
  topic: TopicName;
  schema: Record<string, unknown> & { $id: string; title: string; description: string };
}

/** Every version of every event, by topic. */
export const eventMessages: EventMessage[] = Object.entries(topics).flatMap(([topic, { types }]) =>
  types.flatMap((type) =>
    Object.entries(schemas[type]).map(([version, schema]) => ({
      name: `${type}.${version}`,
      type,
      topic: topic as TopicName,
      schema,
    })),
  ),
);

/** Inside the document a schema goes by its name in it; 2020-12 and AsyncAPI's own dialect agree on what we use. */
export function dataSchema({ schema: { $schema: _, $id: __, ...rest } }: EventMessage): object {
  return rest;
}

/** The message, with an example of the whole record around the example of its data. */
export function messageOf(message: EventMessage, data: Record<string, unknown>): object {
  const { name, type, topic, schema } = message;
  const { key, about } = topics[topic];
  const id = data[key];
  return {
    name,
    title: schema.title,
    summary: schema.description,
    contentType: 'application/json',
    tags: [{ name: topic, description: about }],
    payload: {
      allOf: [
        { $ref: '#/components/schemas/CloudEvent' },
        {
          type: 'object',
          properties: {
            type: { const: type },
            dataschema: { const: schema.$id },
            data: { $ref: `#/components/schemas/${schema.title}` },
          },
        },
      ],
    },
    bindings: { kafka: { key: keySchema(message), bindingVersion: '0.5.0' } },
    examples: [
      {
        name,
        payload: {
          specversion: '1.0',
          id: `${id}:1`,
          source: sourceOf(type),
          type,
          subject: id,
          time: '2025-03-01T10:00:00.000Z',
          datacontenttype: 'application/json',
          dataschema: schema.$id,
          data,
        },
      },
    ],
  };
}

function keySchema({ topic, schema }: EventMessage): unknown {
  return (schema.properties as Record<string, unknown>)[topics[topic].key];
}

function sourceOf(type: string): string | undefined {
  return Object.values(flows).find(({ sends }) =>
    sends.some(({ types }) => types.some((sent: string) => sent === type)),
  )?.source;
}

const header = (description: string) => ({ description, type: 'string' });

/** What the headers of a dead letter say, beside those that the record came with. */
export const deadLetterMessages = {
  deadLetter: {
    name: 'deadLetter',
    title: 'A record that no consumer could decode',
    summary: 'The record as it came, or its beginning where it is too large.',
    contentType: 'application/octet-stream',
    headers: {
      type: 'object',
      required: ['dlq-cause', 'dlq-topic', 'dlq-partition', 'dlq-offset', 'dlq-time'],
      properties: {
        'dlq-cause': header('Why it could not be decoded.'),
        'dlq-topic': header('The topic in which it was found.'),
        'dlq-partition': header('The partition in which it was found.'),
        'dlq-offset': header('The offset at which it was found.'),
        'dlq-time': header('When it was set aside (RFC 3339, UTC).'),
        'dlq-cut': header('How many bytes it has, where only its beginning is kept.'),
        'dlq-replay-of': header('Where it was found before it was first replayed: topic/partition/offset.'),
      },
    },
    payload: { description: 'Anything.', type: 'string' },
  },
  resolution: {
    name: 'resolution',
    title: 'What became of a dead letter',
    summary: 'Lies in the topic of the letter, under the key of the letter.',
    contentType: 'application/octet-stream',
    headers: {
      type: 'object',
      required: ['dlq-resolves', 'dlq-resolution', 'dlq-time'],
      properties: {
        'dlq-resolves': header('Where the letter lies: topic/partition/offset.'),
        'dlq-resolution': { ...header('What became of it.'), enum: ['replayed', 'discarded'] },
        'dlq-time': header('When that was (RFC 3339, UTC).'),
      },
    },
    payload: { description: 'Nothing.', type: 'string', maxLength: 0 },
  },
} as const;
