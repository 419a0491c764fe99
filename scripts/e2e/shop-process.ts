import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { subgraphNames } from '../start/subgraph-names.ts';
import { createClient, type ShopAccess } from './client.ts';
import { freePorts } from './free-ports.ts';

/** A whole shop in a process of its own, started by scripts/start.ts. */
export interface ShopProcess extends ShopAccess {
  /** What a restart needs. */
  settings: ShopSettings;
  /** From the start of the process to its first answer. */
  startedInMs: number;
  output(): string;
  /** Ctrl-C; resolves when the process has ended. */
  interrupt(): Promise<{ exitCode: number | null; tookMs: number }>;
  /** `kill -9`; resolves when the process has ended. */
  kill(): Promise<void>;
}

export interface ShopSettings {
  port: number;
  dataDir: string;
  /** Besides PORT, DATA_DIR, LOG_LEVEL, API_SECRET and KEYS_SECRET. */
  variables: Record<string, string>;
  /** The repository that it is of; this one unless given. */
  root?: string;
}

const thisRepository = fileURLToPath(new URL('../..', import.meta.url));
const apiSecret = 'a secret of the end-to-end tests';
const keysSecret = 'a secret of the end-to-end tests for signing keys';
const readyWithinMs = 50_000;
const children = new Set<ChildProcess>();
const folders = new Set<string>();

/** Starts a shop on free ports and an empty DATA_DIR unless told otherwise; resolves when it answers. */
export async function startShop(given: Partial<ShopSettings> = {}): Promise<ShopProcess> {
  const {
    port = await freePorts(1 + subgraphNames.length),
    dataDir = temporaryFolder(),
    variables = {},
    root = thisRepository,
  } = given;
  const settings = { port, dataDir, variables, root };
  const startMs = performance.now();
  const own = {
    PORT: `${port}`,
    DATA_DIR: dataDir,
    LOG_LEVEL: 'warn',
    API_SECRET: apiSecret,
    KEYS_SECRET: keysSecret,
  };
  const child = spawnScript(['scripts/start.ts'], { ...own, ...variables }, root);
  const url = `http://127.0.0.1:${port}`;
  await untilItAnswers(url, child);
  return {
    url,
    apiSecret,
    settings,
    startedInMs: performance.now() - startMs,
    output: child.output,
    async interrupt() {
      const sentMs = performance.now();
      child.process.kill('SIGINT');
      const exitCode = await child.exited;
      return { exitCode, tookMs: performance.now() - sentMs };
    },
    async kill() {
      child.process.kill('SIGKILL');
      await child.exited;
    },
  };
}

/** `npm start` without the launcher: a child whose environment is this alone. */
export function spawnStart(args: string[], variables: Record<string, string>) {
  return spawnScript(['scripts/start.ts', ...args], variables);
}

/** A script of a repository, this one unless given, with these variables and no others. */
export function spawnScript(args: string[], variables: Record<string, string>, root = thisRepository) {
  const { PATH = '', HOME = '' } = process.env;
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', ...args], {
    cwd: root,
    env: { PATH, HOME, ...variables },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.add(child);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (output += text));
  const exited = once(child, 'close').then(([code]: (number | null)[]) => {
    children.delete(child);
    return code ?? null;
  });
  return { process: child, output: () => output, exited };
}

/** A folder that endAllShops removes. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'shop-e2e-'));
  folders.add(folder);
  return folder;
}

/** For afterAll: ends every child of this test file by its pid, also after a failure, and removes their data. */
export async function endAllShops(): Promise<void> {
  await Promise.all(
    [...children].map(async (child) => {
      const closed = once(child, 'close');
      child.kill('SIGKILL');
      await closed;
    }),
  );
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  folders.clear();
}

/** Ready, the welcome printed (a demo catalogue is in by then), and a first operation answered. */
async function untilItAnswers(url: string, child: ReturnType<typeof spawnStart>): Promise<void> {
  const deadline = Date.now() + readyWithinMs;
  while (!(await isUp(url, child.output))) {
    if (child.process.exitCode !== null) throw new Error(`the shop ended: ${child.output()}`);
    if (Date.now() > deadline) throw new Error(`the shop did not answer in time: ${child.output()}`);
    await sleep(20);
  }
}

async function isUp(url: string, output: () => string): Promise<boolean> {
  if (!output().includes(`The shop answers at ${url}`)) return false;
  const ready = await fetch(`${url}/readyz`).catch(() => null);
  if (!ready?.ok) return false;
  const { errors } = await createClient(url).ask('{ products(first: 1) { _id } }');
  return errors.length === 0;
}
