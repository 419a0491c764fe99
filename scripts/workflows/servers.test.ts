import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { readWorkflows } from './read-workflows.ts';

const root = dirname(dirname(import.meta.dirname));
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const compose = z
  .object({
    services: z.record(
      z.string(),
      z.object({ image: z.string(), environment: z.record(z.string(), z.string()).default({}) }),
    ),
  })
  .parse(parse(read('compose.yaml'), { merge: true })).services;
const workflows = readWorkflows(root);
const jobs = workflows.flatMap(({ jobs }) => Object.values(jobs));
const services = jobs.flatMap((job) => Object.entries(job.services));

test('the servers of the tests are those of compose.yaml, at their versions', () => {
  expect(services.map(([name]) => name).sort()).toEqual(['kafka', 'mongo', 'redis']);
  for (const [name, { image }] of services) expect(image, name).toBe(compose[name]?.image);
});

test('Kafka is set up as in compose.yaml, but for its address', () => {
  const [, kafka] = services.find(([name]) => name === 'kafka') ?? [];
  expect(kafka?.env).toEqual({
    ...compose.kafka?.environment,
    KAFKA_ADVERTISED_LISTENERS: 'PLAINTEXT://127.0.0.1:9092',
  });
});

test('the suites are told of every server that they look for, and may skip nothing', () => {
  const job = jobs.find((each) => Object.keys(each.services).length > 0);
  const env = job?.steps.find(({ run }) => run === 'npm test')?.env ?? {};
  const looked = [...read('subgraphs/shared/test/real-servers.ts').matchAll(/server\('(\w+)'\)/g)];
  expect(looked).toHaveLength(3);
  for (const [, variable = ''] of looked) expect(Object.keys(env)).toContain(variable);
  expect(env.TEST_REAL_SERVERS).toBe('required');
});

test('the image that is built, tried and pushed is that of compose.yaml', () => {
  expect(workflows.find(({ file }) => file === 'image.yml')?.env.IMAGE).toBe(compose.router?.image);
});

test('every verb that a workflow runs is one of package.json', () => {
  const verbs = workflows.flatMap(({ text }) =>
    [...text.matchAll(/\bnpm (?:run )?(\S+)/g)].map(([, verb]) => verb),
  );
  const known = Object.keys((JSON.parse(read('package.json')) as { scripts: object }).scripts);
  expect(verbs).toContain('check:graph');
  expect(verbs.filter((verb) => !known.includes(verb ?? ''))).toEqual([]);
});
