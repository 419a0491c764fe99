import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { deadLetterTopics, topics } from '@shop/contracts/events/topics.ts';
import { envelopeSchema } from '@shop/shared/events/event-schemas';
import { stringify } from 'yaml';
import {
  dataSchema,
  deadLetterMessages,
  eventMessages,
  messageOf,
  type TopicName,
} from './asyncapi-messages.ts';
import { deadLetterChannel, operationsOf } from './asyncapi-operations.ts';

const banner = '# Generated from the files of this folder by `npm run generate`: do not edit.\n';

/** The text of contracts/events/asyncapi.yaml: channels, messages and who sends and receives them. */
export async function generateAsyncApi(root: string): Promise<string> {
  const messages: Record<string, object> = {};
  for (const message of eventMessages) {
    const file = join(root, 'contracts/events', `${message.name}.example.json`);
    const data = JSON.parse(await readFile(file, 'utf8')) as Record<string, unknown>;
    messages[message.name] = messageOf(message, data);
  }
  const { version, license } = JSON.parse(
    await readFile(join(root, 'contracts/package.json'), 'utf8'),
  ) as Record<string, string>;
  const document = {
    asyncapi: '3.0.0',
    info: {
      title: 'Events of the shop',
      version,
      description:
        'What the subgraphs tell each other through Kafka: CloudEvents 1.0 in structured mode, at least once, in order per key. TOPIC_PREFIX stands before every topic and group.',
      license: { name: license },
    },
    defaultContentType: 'application/json',
    servers: { kafka: server },
    channels: Object.assign({}, ...(Object.keys(topics) as TopicName[]).map(channelsOf)) as object,
    operations: operationsOf(),
    components: {
      messages: { ...messages, ...deadLetterMessages },
      schemas: {
        CloudEvent: envelopeSchema,
        ...Object.fromEntries(eventMessages.map((message) => [message.schema.title, dataSchema(message)])),
      },
    },
  };
  return `${banner}${stringify(document, { aliasDuplicateObjects: false, lineWidth: 110 })}`;
}

const server = {
  host: '{brokers}',
  protocol: 'kafka',
  description: 'The Kafka of the shop.',
  variables: { brokers: { default: '127.0.0.1:9092', description: 'As in KAFKA_BROKERS.' } },
};

function channelsOf(name: TopicName): object {
  const { topic, partitions, about, types } = topics[name];
  const letters = deadLetterTopics[name];
  const own = eventMessages.filter(({ type }) => types.some((carried: string) => carried === type));
  return {
    [name]: {
      address: topic,
      title: topic,
      description: `${about} The key of a record is the ${topics[name].key} of its data.`,
      messages: messageRefs(own.map(({ name }) => name)),
      bindings: { kafka: { topic, partitions, bindingVersion: '0.5.0' } },
    },
    [deadLetterChannel(name)]: {
      address: letters.topic,
      title: letters.topic,
      description: `What no consumer of ${topic} could decode, and what became of it.`,
      messages: messageRefs(['deadLetter', 'resolution']),
      bindings: {
        kafka: {
          topic: letters.topic,
          partitions: letters.partitions,
          topicConfiguration: { 'cleanup.policy': ['delete'], 'retention.ms': letters.retentionMs },
          bindingVersion: '0.5.0',
        },
      },
    },
  };
}

function messageRefs(names: string[]): object {
  return Object.fromEntries(names.map((name) => [name, { $ref: `#/components/messages/${name}` }]));
}
