import { type ChildProcess, spawn } from 'node:child_process';
import { once as event } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parse } from 'graphql';
import { afterEach, expect, test } from 'vitest';
import { replaceSubgraphs } from './change.ts';
import type { StoredEntry } from './entry.ts';
import { readHead, walkHistory } from './head.ts';
import { openStore } from './open-store.ts';
import { publish } from './publish.ts';
import type { Store } from './store.ts';
import { type ObjectServer, startObjectServer } from './test/object-server.ts';
import { once, plainPublisher, revisionIn, subgraph } from './test/plain-publisher.ts';

/** Several processes at a time, on a machine that has other things to do. */
const timeoutMs = 120_000;

const teams = ['users', 'orders', 'images'];
const folders: string[] = [];
const children = new Set<ChildProcess>();
let server: ObjectServer | undefined;

afterEach(async () => {
  for (const child of children) child.kill('SIGKILL');
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
  await server?.close();
  server = undefined;
});

function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'publish-racing-'));
  folders.push(folder);
  return folder;
}

const stores = {
  directory: async () => makeFolder(),
  server: async () => {
    server = await startObjectServer();
    return server.url;
  },
};

/** So many of the requests to come fail or lose their answer, before they are done or after. */
function makeUnreliable({ befall }: ObjectServer): void {
  const faults = ['fail-before', 'fail-after', 'lose-before', 'lose-after'] as const;
  for (const method of ['GET', 'PUT'] as const) {
    const dice = Array.from(
      { length: 2_000 },
      () => faults[Math.floor(Math.random() * faults.length * 5)] ?? null,
    );
    befall(method, ...dice);
  }
}

async function fill(store: Store): Promise<void> {
  const change = replaceSubgraphs(teams.map((name) => subgraph(name, 0)));
  await publish(plainPublisher(store), change, { ...once, isNewStore: true });
}

/** A team that publishes in its own process; `acknowledged` grows while it runs. */
function startTeam(address: string, name: string, publishes: number, retries: number) {
  const script = join(import.meta.dirname, 'test/publish-many.ts');
  const args = ['--disable-warning=ExperimentalWarning', script, address, name, `${publishes}`, `${retries}`];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  children.add(child);
  let output = '';
  child.stdout.on('data', (text) => (output += text));
  const exited = event(child, 'close').then(([code]) => {
    children.delete(child);
    return code as number | null;
  });
  const acknowledged = () =>
    output
      .split('\n')
      .slice(0, -1)
      .map((line) => ({ name, revision: Number(line.split(' ')[0]), id: line.split(' ')[1] ?? '' }));
  return { child, exited, acknowledged };
}

async function historyOf(store: Store): Promise<StoredEntry[]> {
  const head = await readHead(store);
  const entries: StoredEntry[] = [];
  if (head) for await (const entry of walkHistory(store, head, 10_000)) entries.push(entry);
  return entries.reverse();
}

const revisionOf = ({ entry }: StoredEntry, name: string) =>
  revisionIn(entry.subgraphs.find((each) => each.name === name)?.schema ?? '', name);

/** Each entry changes what it says and leaves the rest; each acknowledged one is there; the last is what is served. */
async function expectNothingLost(
  store: Store,
  acknowledged: { name: string; revision: number; id: string }[],
) {
  const history = await historyOf(store);
  for (const [index, stored] of history.entries()) {
    const before = history[index - 1];
    const { action, by } = stored.entry;
    if (!before || action.kind !== 'publish') continue;
    expect(action.subgraphs).toEqual([by]);
    for (const name of teams.filter((each) => each !== by))
      expect(revisionOf(stored, name)).toBe(revisionOf(before, name));
  }
  const found = new Map(history.map((stored) => [stored.id, stored]));
  for (const { id, name, revision } of acknowledged) expect(revisionOf(found.get(id)!, name)).toBe(revision);
  const served = (await store.read('supergraph.graphql'))!.text;
  for (const name of teams) {
    const last = acknowledged.findLast((each) => each.name === name)?.revision ?? 0;
    expect(revisionIn(served, name)).toBeGreaterThanOrEqual(last);
    expect(revisionIn(served, name)).toBe(revisionOf(history.at(-1)!, name));
  }
  return history;
}

test.each(Object.entries(stores))(
  'teams that publish to one %s at once lose nothing',
  async (_, makeStore) => {
    const address = await makeStore();
    const store = openStore(address);
    await fill(store);
    const running = teams.map((name) => startTeam(address, name, 15, 2));
    expect(await Promise.all(running.map(({ exited }) => exited))).toEqual([0, 0, 0]);
    const acknowledged = running.flatMap((team) => team.acknowledged());
    const history = await expectNothingLost(store, acknowledged);
    // Nobody died, so what was not acknowledged is not there.
    expect(history).toHaveLength(1 + acknowledged.length);
    expect(acknowledged.length).toBeGreaterThan(teams.length);
  },
);

test(
  'a team that is killed, whenever that is, leaves the old supergraph or the new one',
  async () => {
    const folder = await stores.directory();
    const store = openStore(folder);
    await fill(store);
    const acknowledged: { name: string; revision: number; id: string }[] = [];
    for (let round = 0; round < 6; round += 1) {
      const team = startTeam(folder, 'users', 1_000, 0);
      const lasts = startTeam(folder, 'orders', 3, 5);
      while (team.acknowledged().length === 0) await sleep(5);
      await sleep(Math.random() * 60);
      team.child.kill('SIGKILL');
      await team.exited;
      expect(await lasts.exited).toBe(0);
      acknowledged.push(...team.acknowledged(), ...lasts.acknowledged());
      const text = readFileSync(join(folder, 'supergraph.graphql'), 'utf8');
      expect(parse(text).definitions.length).toBeGreaterThan(0);
      await fill(store);
    }
    const history = await historyOf(store);
    const ids = new Set(history.map(({ id }) => id));
    for (const { id } of acknowledged) expect(ids).toContain(id);
    expect(readdirSync(folder).filter((name) => !['.lock', '.draft'].includes(name))).toEqual([
      'history',
      'supergraph.graphql',
    ]);
  },
  timeoutMs,
);

test(
  'teams that publish to a server where every fifth request fails lose nothing',
  async () => {
    const address = await stores.server();
    const store = openStore(address);
    await fill(store);
    makeUnreliable(server!);
    const running = teams.map((name) => startTeam(address, name, 15, 2));
    expect(await Promise.all(running.map(({ exited }) => exited))).toEqual([0, 0, 0]);
    server!.recover();
    const acknowledged = running.flatMap((team) => team.acknowledged());
    expect(acknowledged.length).toBeGreaterThan(teams.length);
    await expectNothingLost(store, acknowledged);
  },
  timeoutMs,
);
