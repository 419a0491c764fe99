import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { checkEvents } from './command.ts';

const root = dirname(dirname(import.meta.dirname));
const schemaFile = 'contracts/events/order.cancelled.v1.schema.json';
let copy: string;

beforeEach(() => {
  copy = mkdtempSync(join(tmpdir(), 'check-events-'));
  cpSync(join(root, 'contracts/events'), join(copy, 'contracts/events'), { recursive: true });
  cpSync(join(root, 'contracts/package.json'), join(copy, 'contracts/package.json'));
  git('init', '-qb', 'main');
  git('add', '.');
  git('commit', '-qm', 'as it is');
});
afterEach(() => rmSync(copy, { recursive: true, force: true }));

const check = (args: string[]) => checkEvents(copy, { args, today: new Date() });

function git(...args: string[]): void {
  const who = ['-c', 'user.name=test', '-c', 'user.email=test@127.0.0.1', '-c', 'commit.gpgsign=false'];
  execFileSync('git', [...who, ...args], { cwd: copy, stdio: 'pipe' });
}

function edit(file: string, was: string, is: string): void {
  const text = readFileSync(join(copy, file), 'utf8');
  expect(text).toContain(was);
  writeFileSync(join(copy, file), text.replace(was, is));
}

test('what is committed is in order', async () => {
  const { exitCode, lines } = await check([]);
  expect([exitCode, lines]).toEqual([
    0,
    [expect.stringMatching(/^contracts\/events: 1\d schemas, compared/)],
  ]);
});

test('a change that does harm is told, whether it is committed on a branch or not yet', async () => {
  const file = 'contracts/events/order.placed.v1.schema.json';
  edit(file, '"maximum": 10000', '"maximum": 9999');
  const said = [expect.anything(), expect.stringContaining(`RANGE_NARROWED ${file}: $.lines[].quantity`)];
  expect(await check([])).toEqual({ exitCode: 1, lines: said });
  git('switch', '-qc', 'branch');
  git('commit', '-qam', 'narrower');
  expect(await check([])).toEqual({ exitCode: 1, lines: said });
  expect((await check(['--base', 'HEAD'])).exitCode).toBe(0);
});

test('a schema that is gone is told by its name', async () => {
  rmSync(join(copy, schemaFile));
  rmSync(join(copy, schemaFile.replace('.schema.', '.example.')));
  const { exitCode, lines } = await check([]);
  expect(exitCode).toBe(1);
  expect(lines).toContainEqual(expect.stringContaining(`EVENT_VERSION_REMOVED ${schemaFile}`));
});

test.each(['types.ts', 'asyncapi.yaml'])(
  '%s that was edited is told, and so is one that is gone',
  async (name) => {
    const file = join(copy, 'contracts/events', name);
    const stale = [expect.anything(), `✗ GENERATED_STALE contracts/events/${name}: run npm run generate`];
    writeFileSync(file, `${readFileSync(file, 'utf8')}\n`);
    expect(await check([])).toEqual({ exitCode: 1, lines: stale });
    rmSync(file);
    expect(await check([])).toEqual({ exitCode: 1, lines: stale });
  },
);

test('without git it says that it compares with nothing, and still checks the rest', async () => {
  rmSync(join(copy, '.git'), { recursive: true });
  const { exitCode, lines } = await check([]);
  expect([exitCode, lines]).toEqual([0, [expect.stringContaining('compared with nothing: ')]]);
  edit(schemaFile, '"format"', '"form"');
  expect((await check([])).exitCode).toBe(1);
});

test.each([[['--base', 'nowhere']], [['--bass', 'main']], [['main']]])('%j cannot be asked', async (args) => {
  expect((await check(args)).exitCode).toBe(2);
});
