import { deadLetterTopics, topics } from '@shop/contracts/events/topics.ts';
import type { StoredRecord } from '@shop/shared/events/port';
import type { Scenario, Stage } from '../stage.ts';
import { type PoisonRecord, poisonCount, poisonsFor } from './poisons.ts';

/** In the topics of a campaign of many runs lies more and more. */
const duplicatedAtMost = 1_000;
const setAsideWithinMs = 30_000;
/** A member that could not say goodbye is in its group for 12 s more. */
const rewoundWithinMs = 30_000;
const tryAgainMs = 1_000;

/** Messages that come twice, all over again, or that nobody can read. */
export const messageScenarios: Scenario[] = [
  {
    name: 'duplicates',
    about: 'What lies in every topic is published once more, twice over.',
    loadMs: 10_000,
    async inject({ topics: raw, pause, say }) {
      for (let n = 0; n < 2; n++) {
        const counts = await Promise.all(
          Object.values(topics).map(({ topic }) => raw.publishAgain(topic, duplicatedAtMost)),
        );
        say(`${counts.join(' + ')} records once more`);
        await pause(1_000);
      }
    },
  },
  {
    name: 'replay-orders',
    about: 'Every Products process goes, and comes back to orders.v1 and products.v1 from their beginning.',
    loadMs: 30_000,
    mayRefuse: true,
    inject: (stage) =>
      replay(stage, 'products', [
        [topics.orders.topic, 'products'],
        [topics.products.topic, 'products-dlq'],
      ]),
  },
  {
    name: 'replay-inventory',
    about: 'Every Orders process goes, and comes back to inventory.v1 from its beginning.',
    loadMs: 30_000,
    mayRefuse: true,
    inject: (stage) => replay(stage, 'orders', [[topics.inventory.topic, 'orders']]),
  },
  {
    name: 'poison',
    about:
      'Records that nobody can read, of every kind and in every topic, go to its dead letters; the rest flows on.',
    loadMs: 8_000,
    deadLetters: poisonCount,
    async inject(stage) {
      const id = `poison-${stage.random.below(2 ** 31)}`;
      const names = Object.keys(topics) as (keyof typeof topics)[];
      await Promise.all(names.map((name) => poisonTopic(stage, name, `${id}-${name}`)));
    },
  },
];

async function replay(
  stage: Stage,
  part: 'products' | 'orders',
  positions: [topic: string, group: string][],
): Promise<void> {
  const { processes, say } = stage;
  const names = processes.of(part);
  await Promise.all(names.map((name) => processes.remove(name)));
  for (const [topic, group] of positions) await rewind(stage, topic, group);
  for (const name of names) processes.add(name);
  await processes.untilReady();
  say(`${names.join(' and ')} began again`);
}

async function rewind({ topics: raw, pause }: Stage, topic: string, group: string): Promise<void> {
  const untilMs = performance.now() + rewoundWithinMs;
  for (;;) {
    const error = await raw.rewind(topic, group).then(
      () => null,
      (failure: Error) => failure,
    );
    if (!error) return;
    if (performance.now() > untilMs) throw error;
    await pause(tryAgainMs);
  }
}

async function poisonTopic(stage: Stage, name: keyof typeof topics, id: string): Promise<void> {
  const { topics: raw, pause, violation } = stage;
  const { topic } = topics[name];
  const poisons = poisonsFor(topics[name], id);
  await raw.publish(
    topic,
    poisons.map(({ record }) => record),
  );
  const isOurs = ({ headers }: StoredRecord) => headers.poison?.startsWith(id);
  const published = (await raw.read(topic)).filter(isOurs);
  const untilMs = performance.now() + setAsideWithinMs;
  let letters: StoredRecord[];
  do {
    await pause(tryAgainMs);
    letters = (await raw.read(deadLetterTopics[name].topic)).filter(isOurs);
  } while (letters.length < poisons.length && performance.now() < untilMs);
  for (const poison of poisons) {
    const problem = whatIsWrong(poison, topic, published, letters);
    if (problem) violation(`${poison.record.headers?.poison} of ${topic}: ${problem}`);
  }
}

/** A dead letter is the record as it came, with its cause and its place. */
function whatIsWrong(
  { record, cause }: PoisonRecord,
  topic: string,
  published: StoredRecord[],
  letters: StoredRecord[],
): string | null {
  const isIt = ({ headers }: StoredRecord) => headers.poison === record.headers?.poison;
  const source = published.find(isIt);
  const [letter, ...more] = letters.filter(isIt);
  if (!source || !letter) return 'it was not set aside';
  if (more.length > 0) return `it was set aside ${more.length + 1} times`;
  const place = `${letter.headers['dlq-topic']}/${letter.headers['dlq-partition']}/${letter.headers['dlq-offset']}`;
  if (place !== `${topic}/${source.partition}/${source.offset}`) return `it came from ${place}, they say`;
  if (!letter.headers['dlq-cause']?.startsWith(cause)) return `the cause is ${letter.headers['dlq-cause']}`;
  if (letter.value !== (record.value ?? '')) return `its value is ${letter.value}`;
  return letter.key === (record.key ?? '') ? null : `its key is ${letter.key}`;
}
