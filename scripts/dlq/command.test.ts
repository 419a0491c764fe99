import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { readCommand } from './command.ts';

const sourceTopics = ['orders.v1', 'inventory.v1', 'products.v1'];
const place = { topic: 'orders.v1.dlq', partition: 0, offset: 12 };
const id = 'orders.v1.dlq/0/12';

describe('readCommand', () => {
  test.each([
    ['list', { kind: 'list', sourceTopics, isJson: false }],
    ['list --topic orders.v1 --json', { kind: 'list', sourceTopics: ['orders.v1'], isJson: true }],
    [`show ${id}`, { kind: 'show', place, isJson: false }],
    [`show ${id} --json`, { kind: 'show', place, isJson: true }],
    [`replay ${id}`, { kind: 'replay', place, isAgain: false }],
    [`replay ${id} --again`, { kind: 'replay', place, isAgain: true }],
    ['replay --all', { kind: 'replay-all', sourceTopics }],
    ['replay --all --topic products.v1', { kind: 'replay-all', sourceTopics: ['products.v1'] }],
    [`discard ${id}`, { kind: 'discard', place, isAgain: false }],
    ['discard --all', { kind: 'discard-all', sourceTopics }],
  ])('%s', (args, command) => {
    expect(readCommand(args.split(' '))).toEqual(command);
  });

  test.each([
    ['', /^Say what to do/],
    ['drop', /^There is no "drop"/],
    ['constructor', /^There is no "constructor"/],
    ['list --topic orders', /^There is no topic "orders"/],
    [`list ${id}`, /^list takes no ID/],
    ['list --all', /^list takes no --all/],
    ['show', /^Give one ID/],
    [`show ${id} ${id}`, /^Give one ID/],
    ['show orders.v1/0/12', /is no ID/],
    ['show orders.v1.dlq/0', /is no ID/],
    ['show orders.v1.dlq/0/-1', /is no ID/],
    ['replay', /^Give one ID/],
    [`replay ${id} --all`, /^--all goes with neither/],
    ['replay --all --again', /^--all goes with neither/],
    [`replay ${id} --topic orders.v1`, /^--topic goes with --all/],
    [`discard ${id} --again`, /^discard takes no --again/],
    ['list --what', /--what/],
  ])('%j is refused, with how to ask', (args, problem) => {
    const command = readCommand(args === '' ? [] : args.split(' '));
    expect(command).toEqual({ kind: 'misuse', text: expect.stringMatching(problem) });
    expect(command).toEqual({ kind: 'misuse', text: expect.stringContaining('npm run dlq -- list') });
  });
});

test('the commands that README shows are understood', () => {
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
  const shown = [...readme.matchAll(/^ {4}npm run dlq -- (.*?) +#/gm)].map(([, args = '']) =>
    args.split(' '),
  );
  const kinds = shown.map((args) => readCommand(args).kind);
  expect(kinds).toEqual(['list', 'show', 'replay', 'replay-all', 'discard']);
});
