import { type ChildProcess, spawn } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

const WAIT_LIMIT_MS = 20_000;

/** Stands for the shop: says when it is up, notes every signal, and takes a moment to stop. */
const childScript = `
import { appendFileSync } from 'node:fs';
const keepAlive = setInterval(() => {}, 1_000);
for (const signal of ['SIGINT', 'SIGTERM'])
  process.on(signal, () => {
    appendFileSync('signals', signal + '\\n');
    if (process.argv[2] === 'stubborn') return;
    setTimeout(() => { clearInterval(keepAlive); process.exit(process.argv[2] === 'fails' ? 7 : 0); }, 300);
  });
if (process.argv[2] === 'exits') process.exit(Number(process.argv[3]));
console.log('up', process.pid, process.versions.node, process.argv.slice(2).join(' '));
`;

/** Stands for npm: counts its calls, takes a moment, and installs nothing. */
const npmScript = `
import { appendFileSync, mkdirSync, symlinkSync } from 'node:fs';
appendFileSync('installs', process.argv.slice(2).join(' ') + '\\n');
if (process.env.STUB_FAILURE) { console.error(process.env.STUB_FAILURE); process.exit(1); }
if (process.env.STUB_NODE) {
  mkdirSync('node_modules/.bin', { recursive: true });
  symlinkSync(process.env.STUB_NODE, 'node_modules/.bin/node');
}
setTimeout(() => {}, 500);
`;

/** Without this project's own tools: the launcher begins on the machine's Node, whichever that is. */
const systemPath = process.env
  .PATH!.split(':')
  .filter((folder) => !folder.includes('node_modules'))
  .join(':');

let clone: string;
const started: ChildProcess[] = [];

beforeEach(() => {
  clone = mkdtempSync(join(tmpdir(), 'run-test-'));
  cpSync(import.meta.dirname, join(clone, 'scripts'), {
    recursive: true,
    filter: (path) => path === import.meta.dirname || /\/run(\.mjs|\/.*|)$/.test(path),
  });
  writeFileSync(join(clone, 'scripts/start.ts'), childScript);
  writeFileSync(join(clone, 'scripts/test.ts'), `console.log('tests' satisfies string)`);
  writeFileSync(join(clone, 'npm-cli.js'), npmScript);
  writeFileSync(join(clone, 'pnpm-lock.yaml'), 'lockfileVersion: 9');
  writeFileSync(join(clone, 'pnpm-workspace.yaml'), 'packages: []');
  cpSync(join(import.meta.dirname, '../package.json'), join(clone, 'package.json'));
  mkdirSync(join(clone, 'node_modules/.bin'), { recursive: true });
  symlinkSync(process.execPath, join(clone, 'node_modules/.bin/node'));
});

afterEach(() => {
  for (const process of started.splice(0)) if (process.exitCode === null) process.kill('SIGKILL');
  rmSync(clone, { recursive: true, force: true });
});

function run(command: string, args: string[], environment: Record<string, string> = {}) {
  const child = spawn(command, args, {
    cwd: clone,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, PATH: systemPath, npm_execpath: join(clone, 'npm-cli.js'), ...environment },
  });
  started.push(child);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (bytes) => (output += bytes));
  const exit = new Promise<number | string | null>((resolve) =>
    child.once('close', (code, signal) => resolve(code ?? signal)),
  );
  return { pid: child.pid!, exit, output: () => output };
}

const launch = (args: string[], environment?: Record<string, string>) =>
  run('node', ['scripts/run.mjs', ...args], environment);

async function until(holds: () => boolean) {
  const deadline = Date.now() + WAIT_LIMIT_MS;
  while (!holds()) {
    if (Date.now() > deadline) throw new Error(`waited in vain for ${holds}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

const lines = (file: string) =>
  existsSync(join(clone, file)) ? readFileSync(join(clone, file), 'utf8').trim().split('\n') : [];
const childPid = (output: string) => Number(/up (\d+)/.exec(output)![1]);

function lives(pid: number) {
  try {
    process.kill(pid, 0);
    // A zombie that nobody has collected has ended, too.
    return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

describe('stopping', () => {
  test('Ctrl-C on npm start reaches the child once, is waited for, and ends with exit code 0', async () => {
    await launch(['start', 'exits', '0']).exit;
    // Signalling the whole group of npm is what a terminal does.
    const npm = run('npm', ['start', '--', 'orders']);
    await until(() => npm.output().includes('up '));
    expect(npm.output()).toContain('orders');
    process.kill(-npm.pid, 'SIGINT');
    expect(await npm.exit).toBe(0);
    expect(lines('signals')).toEqual(['SIGINT']);
    expect(lives(childPid(npm.output()))).toBe(false);
  });

  test.each(['SIGINT', 'SIGTERM'] as const)('%s to npm alone stops the child gracefully', async (signal) => {
    await launch(['start', 'exits', '0']).exit;
    const npm = run('npm', ['start']);
    await until(() => npm.output().includes('up '));
    process.kill(npm.pid, signal);
    expect(await npm.exit).toBe(0);
    expect(lines('signals')).toEqual([signal]);
  });

  test('a child that fails to stop cleanly gives its own exit code', async () => {
    const launcher = launch(['start', 'fails']);
    await until(() => launcher.output().includes('up '));
    process.kill(launcher.pid, 'SIGTERM');
    expect(await launcher.exit).toBe(7);
  });

  test('a second signal, later, kills a child that does not stop', async () => {
    const launcher = launch(['start', 'stubborn']);
    await until(() => launcher.output().includes('up '));
    process.kill(launcher.pid, 'SIGINT');
    await new Promise((resolve) => setTimeout(resolve, 1_200));
    process.kill(launcher.pid, 'SIGINT');
    expect(await launcher.exit).toBe(137);
  });

  test('the child does not outlive a launcher that was killed', async () => {
    const launcher = launch(['start']);
    await until(() => launcher.output().includes('up '));
    process.kill(launcher.pid, 'SIGKILL');
    await until(() => !lives(childPid(launcher.output())));
  });
});

describe('running', () => {
  test('the exit code is the child’s', async () => {
    expect(await launch(['start', 'exits', '3']).exit).toBe(3);
  });

  test('an unknown verb names the known ones', async () => {
    const launcher = launch(['strat']);
    expect(await launcher.exit).toBe(2);
    const { scripts } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
    for (const verb of Object.keys(scripts)) expect(launcher.output()).toContain(verb);
  });

  test('a script that is missing is named', async () => {
    const launcher = launch(['seed']);
    expect(await launcher.exit).toBe(1);
    expect(launcher.output()).toContain('scripts/seed.ts is missing');
  });
});

describe('installing', () => {
  test('start installs production once; test adds the tools; a changed lockfile keeps them', async () => {
    rmSync(join(clone, 'node_modules'), { recursive: true });
    const installed = launch(['start', 'exits', '0'], { STUB_NODE: process.execPath });
    expect(await installed.exit).toBe(0);
    await launch(['start', 'exits', '0']).exit;
    expect(lines('installs')).toHaveLength(1);
    expect(lines('installs')[0]).toContain('--prod');
    await launch(['test']).exit;
    await launch(['start', 'exits', '0']).exit;
    expect(lines('installs')).toHaveLength(2);
    writeFileSync(join(clone, 'pnpm-lock.yaml'), 'lockfileVersion: 9 # changed');
    await launch(['start', 'exits', '0']).exit;
    expect(lines('installs')).toHaveLength(3);
    expect(lines('installs').slice(1).join()).not.toContain('--prod');
  });

  test('two at a time install once', async () => {
    const launchers = [launch(['start', 'exits', '0']), launch(['start', 'exits', '0'])];
    expect(await Promise.all(launchers.map(({ exit }) => exit))).toEqual([0, 0]);
    expect(lines('installs')).toHaveLength(1);
  });

  test('a lock whose holder has died is taken over', async () => {
    const gone = run(process.execPath, ['-e', '']);
    await gone.exit;
    mkdirSync(join(clone, '.cache'));
    writeFileSync(join(clone, '.cache/install.lock'), JSON.stringify({ pid: gone.pid, host: 'elsewhere' }));
    const launcher = launch(['start', 'exits', '0']);
    await until(() => launcher.output().includes('waiting for it'));
    // A holder on another machine is known to be gone only by its silence.
    utimesSync(join(clone, '.cache/install.lock'), 0, 0);
    expect(await launcher.exit).toBe(0);
    expect(existsSync(join(clone, '.cache/install.lock'))).toBe(false);
  });

  test('a failed install says what to try, and is tried again by the next command', async () => {
    const failing = launch(['start'], { STUB_FAILURE: 'getaddrinfo ENOTFOUND' });
    expect(await failing.exit).toBe(1);
    expect(failing.output()).toContain('getaddrinfo ENOTFOUND');
    expect(failing.output()).toContain('Check the network');
    expect(lines('installs')).toHaveLength(2);
    expect(await launch(['start', 'exits', '0']).exit).toBe(0);
  });

  test('a lockfile that disagrees is not tried twice', async () => {
    const failing = launch(['start'], { STUB_FAILURE: 'ERR_PNPM_OUTDATED_LOCKFILE' });
    expect(await failing.exit).toBe(1);
    expect(failing.output()).toContain('disagree');
    expect(lines('installs')).toHaveLength(1);
  });
});
