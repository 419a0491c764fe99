import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { readPublishCommand } from './publish-command.ts';
import { readSupergraphCommand } from './supergraph-command.ts';

const id = '20261121T163012Z-0123456789abcdef';
const writing = { by: null, retries: 0, isDryRun: false };
const store = '/store';
const one = { kind: 'one', name: 'orders', schemaFile: 'a.graphql', routingUrl: null };

describe('npm run publish:subgraph', () => {
  test.each([
    ['orders --schema a.graphql', { what: one, isNewStore: false, ...writing }],
    [
      'orders --schema a.graphql --routing-url https://orders.internal/graphql --by Ada --retry 3 --dry-run',
      {
        what: { ...one, routingUrl: 'https://orders.internal/graphql' },
        isNewStore: false,
        by: 'Ada',
        retries: 3,
        isDryRun: true,
      },
    ],
    ['--all --new-store', { what: { kind: 'all' }, isNewStore: true, ...writing }],
  ])('%s', (args, command) => {
    expect(readPublishCommand(args.split(' '), store)).toEqual({ kind: 'publish', store, ...command });
  });

  test('--store goes before the variable', () => {
    const args = ['--all', '--store', 'https://example.com/graphs'];
    expect(readPublishCommand(args, store)).toMatchObject({ store: 'https://example.com/graphs' });
  });

  test.each([
    ['', /^Name one subgraph/],
    ['orders users --schema a', /^Name one subgraph/],
    ['orders', /^Name the --schema of orders/],
    ['or/ders --schema a', /is no name/],
    ['1orders --schema a', /is no name/],
    ['orders --schema a --routing-url ftp://a/', /http or https/],
    ['orders --schema a --routing-url 127.0.0.1:4003', /http or https/],
    ['orders --schema a --retry 21', /^--retry is a number from 0 to 20/],
    ['orders --schema a --retry -1', /--retry/],
    ['orders --schema a --retry many', /^--retry is a number/],
    ['orders --schema a --by \n', /^--by takes up to 200 letters/],
    ['orders --schema a --json', /^--json has no meaning here/],
    ['orders --schema a --force', /--force/],
    ['--all --schema a', /^--all takes/],
    ['orders --all', /^--all takes/],
    ['--what', /--what/],
  ])('%j is refused, with how to ask', (args, problem) => {
    const command = readPublishCommand(args === '' ? [] : args.split(' '), store);
    expect(command).toEqual({ kind: 'misuse', text: expect.stringMatching(problem) });
    expect(command).toEqual({ kind: 'misuse', text: expect.stringContaining('npm run publish:subgraph --') });
  });

  test.each([undefined, ''])('without a store (%j) is refused', (defaultStore) => {
    expect(readPublishCommand(['--all'], defaultStore)).toMatchObject({ kind: 'misuse' });
  });
});

describe('npm run supergraph', () => {
  test.each([
    ['history', { kind: 'history', from: null, limit: 20, isJson: false }],
    [`history --limit 200 --from ${id} --json`, { kind: 'history', from: id, limit: 200, isJson: true }],
    ['show', { kind: 'show', id: null, isJson: false }],
    [`show ${id} --json`, { kind: 'show', id, isJson: true }],
    [`rollback ${id}`, { kind: 'rollback', id, forcedBecause: null, ...writing }],
    [`rollback ${id} --force outage`, { kind: 'rollback', id, forcedBecause: 'outage', ...writing }],
    ['remove images --dry-run', { kind: 'remove', name: 'images', ...writing, isDryRun: true }],
    ['repair', { kind: 'repair', id: null }],
    [`repair ${id}`, { kind: 'repair', id }],
  ])('%s', (args, command) => {
    expect(readSupergraphCommand(args.split(' '), store)).toEqual({ store, ...command });
  });

  test.each([
    ['', /^Say what to do/],
    ['publish', /^There is no "publish"/],
    ['constructor', /^There is no "constructor"/],
    ['history all', /^"all" has no meaning here/],
    ['history --limit 0', /^--limit is a number from 1 to 200/],
    ['history --limit 201', /^--limit/],
    ['history --from ../../secret', /is no ID/],
    ['rollback', /^Give one ID/],
    ['rollback ../../secret', /is no ID/],
    [`rollback ${id} ${id}`, /^Give one ID/],
    [`rollback ${id} --force`, /--force/],
    ['remove', /^Name one subgraph/],
    ['show --by Ada', /^--by has no meaning here/],
  ])('%j is refused, with how to ask', (args, problem) => {
    const command = readSupergraphCommand(args === '' ? [] : args.split(' '), store);
    expect(command).toEqual({ kind: 'misuse', text: expect.stringMatching(problem) });
    expect(command).toEqual({ kind: 'misuse', text: expect.stringContaining('npm run supergraph --') });
  });
});

test('the commands that README and docs/operations.md show are understood', () => {
  const texts = ['README.md', 'docs/operations.md'].map((file) =>
    readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8'),
  );
  const shown = [
    ...texts.join('\n').matchAll(/^ {4}npm run (publish:subgraph|supergraph) -- (.*?)( +#.*)?$/gm),
  ];
  const kinds = shown.map(([, verb, args = '']) => {
    const read = verb === 'supergraph' ? readSupergraphCommand : readPublishCommand;
    return read(
      args
        .replaceAll('ID', id)
        .replace(/'[^']*'/, 'words')
        .split(' '),
      store,
    ).kind;
  });
  expect(kinds).not.toContain('misuse');
  expect(new Set(kinds)).toEqual(new Set(['publish', 'history', 'show', 'rollback', 'remove', 'repair']));
});
