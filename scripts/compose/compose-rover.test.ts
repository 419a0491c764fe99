import { type ChildProcess, execFile } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

const root = join(import.meta.dirname, '../..');
const committed = join(root, 'contracts/supergraph.graphql');
const withoutRover = /@apollo\/composition.*composes instead[\s\S]*supergraph\.graphql is up to date/;

const patience = { timeout: 20_000, interval: 50 };

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rover-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A rover that runs this shell script. */
function fakeRover(script: string): void {
  const file = join(folder, 'rover');
  writeFileSync(file, `#!/bin/sh\n${script}\n`);
  chmodSync(file, 0o755);
}

function start(args: string[] = [], environment: Record<string, string> = {}) {
  const PATH = [folder, dirname(process.execPath), '/usr/bin', '/bin'].join(delimiter);
  const script = join(root, 'scripts/compose-rover.ts');
  // Nothing else of the environment: whoever runs the tests may have accepted the licence.
  const options = { env: { PATH, HOME: folder, ...environment }, timeout: 60_000 };
  const node = ['--disable-warning=ExperimentalWarning', script, ...args];
  let child: ChildProcess | undefined;
  const ended = new Promise<{ code: number | null; out: string; err: string }>((resolve) => {
    child = execFile(process.execPath, node, options, (_, out, err) =>
      resolve({ code: child?.exitCode ?? null, out, err }),
    );
  });
  return { ended, end: () => child?.kill('SIGTERM') };
}

const run = (...options: Parameters<typeof start>) => start(...options).ended;

test('equal, whatever the order: rover is told the file, offline, and to report nothing', async () => {
  fakeRover(`echo "$@ telemetry=$APOLLO_TELEMETRY_DISABLED licence=$APOLLO_ELV2_LICENSE" > ${folder}/args
    echo '# composed by rover'; cat ${committed}`);
  expect(await run()).toEqual({
    code: 0,
    out: 'Rover composes what contracts/supergraph.graphql says.\n',
    err: '',
  });
  const told = readFileSync(join(folder, 'args'), 'utf8');
  expect(told).toBe(
    'supergraph compose --config supergraph.yaml --skip-update-check --skip-update telemetry=1 licence=\n',
  );
});

test('differing: the definitions are named, with what each says', async () => {
  fakeRover(`sed 's/^  me: User.*/  me: User!/' ${committed}`);
  const { code, err } = await run();
  expect(code).toBe(1);
  expect(err).toMatch(/something else[\s\S]*Query:[\s\S]*- {3}me: User[\s\S]*\+ {3}me: User!/);
});

test('differing in everything: what is said is bounded', async () => {
  fakeRover(`echo 'type Query { a: Int }'`);
  const { code, err } = await run();
  expect(code).toBe(1);
  expect(err).toMatch(/and \d+ more lines/);
  expect(err.split('\n').length).toBeLessThan(220);
});

test('hanging: given up in time, with everything that it started', async () => {
  fakeRover(`sleep 600 & echo $! > ${folder}/pid; wait`);
  const { code, out } = await run(['--within', '1']);
  expect(code).toBe(0);
  expect(out).toMatch(/no answer within 1 s/);
  expect(out).toMatch(withoutRover);
  await vi.waitFor(() => expect(isRunning(pidIn('pid'))).toBe(false), patience);
});

test('ended while rover hangs: nothing is left behind', async () => {
  fakeRover(`sleep 600 & echo $! > ${folder}/pid; wait`);
  const { ended, end } = start();
  await vi.waitFor(() => expect(isRunning(pidIn('pid'))).toBe(true), patience);
  end();
  expect((await ended).code).not.toBe(0);
  await vi.waitFor(() => expect(isRunning(pidIn('pid'))).toBe(false), patience);
});

test.each([
  [
    'the licence',
    'error: Error when updating Federation Version:\nELV2 license must be accepted',
    /APOLLO_ELV2_LICENSE=accept/,
  ],
  [
    'the plugin',
    "error: Could not find plugin at '/root/.rover/bin'",
    /plugin `supergraph` may be missing[\s\S]*Could not find/,
  ],
])('lacking %s: that is said, and the composition is checked without', async (_, said, expected) => {
  fakeRover(
    `echo '${said.replaceAll("'", "'\\''")}' >&2; echo 'Stack backtrace:' >&2; echo '  0: main' >&2; exit 1`,
  );
  const { code, out, err } = await run();
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(out).toMatch(expected);
  expect(out).toMatch(withoutRover);
  expect(out).not.toContain('backtrace');
});

test('required: lacking anything is a failure, and rover may download its plugin', async () => {
  fakeRover(`echo "$@" > ${folder}/args; echo 'ELV2 license must be accepted' >&2; exit 1`);
  const { code, out, err } = await run(['--require-rover']);
  expect({ code, out }).toEqual({ code: 1, out: '' });
  expect(err).toContain('APOLLO_ELV2_LICENSE');
  expect(readFileSync(join(folder, 'args'), 'utf8')).not.toContain('--skip-update ');
});

test('a rover that does not compose the subgraphs is a failure in any case', async () => {
  fakeRover(
    `echo 'error[E029]: Encountered 1 build error while trying to build the supergraph.' >&2; exit 1`,
  );
  const { code, err } = await run();
  expect(code).toBe(1);
  expect(err).toMatch(/do not compose[\s\S]*E029/);
});

test('what the user has set in the environment reaches rover', async () => {
  fakeRover(`echo "$APOLLO_ELV2_LICENSE" > ${folder}/licence; cat ${committed}`);
  await run([], { APOLLO_ELV2_LICENSE: 'as the user says' });
  expect(readFileSync(join(folder, 'licence'), 'utf8')).toBe('as the user says\n');
});

test('the rover that is installed here, whose licence nobody has accepted', async () => {
  const { code, out, err } = await run();
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(out).toContain('APOLLO_ELV2_LICENSE=accept');
  expect(out).toMatch(withoutRover);
  expect(existsSync(join(folder, '.rover/bin'))).toBe(false);
});

test('an option that is not known, or a time that is none, is refused', async () => {
  for (const args of [['--requires-rover'], ['--within', 'long'], ['--within', '0']]) {
    const { code, err } = await run(args);
    expect(code).toBe(2);
    expect(err).toContain('usage:');
  }
});

function pidIn(file: string): number {
  return Number(readFileSync(join(folder, file), 'utf8').trim() || Number.NaN);
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
