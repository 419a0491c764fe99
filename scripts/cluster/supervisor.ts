import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { newRouterSecret } from '../start/own-router.ts';
import type { Member } from './layout.ts';

export interface Supervisor {
  isStopping(): boolean;
  /** The process of a member; undefined between two of them. */
  processOf(name: string): ChildProcess | undefined;
  /** Ends a member with SIGTERM; nobody takes its place. Resolves with its exit code; null after a signal. */
  remove(name: string): Promise<number | null>;
  /** Starts a member, unless it is there already. */
  add(member: Member): void;
  /** Drains the router, then everything behind it; resolves with 0 if every process ended with 0. Idempotent. */
  stop(): Promise<number>;
}

export interface SupervisorOptions {
  environment: NodeJS.ProcessEnv;
  print: (line: string) => void;
  /** The longest pause before a process that keeps ending is started again; 10,000 by default. */
  restartAtMostAfterMs?: number;
  /** Told of every process that is started. */
  onStart?: (name: string, child: ChildProcess) => void;
}

const startScript = fileURLToPath(new URL('../start.ts', import.meta.url));
// A cluster that is killed takes its processes with it.
const endsWithCluster = ['--import', new URL('../run/ends-with-launcher.mjs', import.meta.url).href];
const warnings = ['ExperimentalWarning', 'TimeoutNegativeWarning'].map((name) => `--disable-warning=${name}`);
/** A process that ended by itself is started again after this pause, which doubles up to the maximum. */
const restartAfterMs = 1_000;
/** Who ran for this long begins with the short pause again. */
const isStableAfterMs = 30_000;

interface Life {
  member: Member;
  ending: AbortController;
  process: ChildProcess | undefined;
  /** Its last exit code, once it is over for good. */
  over: Promise<number | null>;
}

/**
 * Starts the processes and prints their output with their names in front. One that ends by itself is started again,
 * as an orchestrator would. Subgraphs know the router by a new secret, unless the environment says otherwise.
 */
export function startSupervisor(members: Member[], options: SupervisorOptions): Supervisor {
  const environment = withRouterSecret(options.environment);
  const { print, restartAtMostAfterMs = 10_000, onStart } = options;
  const lives = new Map<string, Life>();
  const width = Math.max(...members.map(({ name }) => name.length));
  const exitCodes: (number | null)[] = [];
  let stopped: Promise<number> | undefined;

  async function live(life: Life): Promise<number | null> {
    const { member, ending } = life;
    const say = (line: string) => print(`${member.name.padEnd(width)} | ${line}`);
    for (let pauseMs = restartAfterMs; !ending.signal.aborted; ) {
      const startedMs = performance.now();
      life.process = startProcess(member, environment, say);
      onStart?.(member.name, life.process);
      const [code, signal]: (number | string | null)[] = await once(life.process, 'close');
      life.process = undefined;
      if (ending.signal.aborted) return code as number | null;
      if (performance.now() - startedMs > isStableAfterMs) pauseMs = restartAfterMs;
      say(`ended with ${code ?? signal}; it is started again in ${pauseMs / 1000} s`);
      await sleep(pauseMs, undefined, { signal: ending.signal }).catch(() => undefined);
      pauseMs = Math.min(pauseMs * 2, restartAtMostAfterMs);
    }
    // It ended before it was told to, so it left nothing undone that the others could not finish.
    return 0;
  }

  const add = (member: Member) => {
    if (lives.has(member.name) || stopped) return;
    const life = { member, ending: new AbortController(), process: undefined, over: Promise.resolve(null) };
    lives.set(member.name, Object.assign(life, { over: live(life) }));
  };
  const remove = async (name: string) => {
    const life = lives.get(name);
    if (!life) return 0;
    life.ending.abort();
    life.process?.kill('SIGTERM');
    const code = await life.over;
    lives.delete(name);
    return code;
  };
  const drain = async (isChosen: (member: Member) => boolean) => {
    const chosen = [...lives.values()].filter(({ member }) => isChosen(member));
    exitCodes.push(...(await Promise.all(chosen.map(({ member }) => remove(member.name)))));
  };
  const stopAll = async () => {
    await drain(({ part }) => part === 'router');
    await drain(() => true);
    return exitCodes.every((code) => code === 0) ? 0 : 1;
  };

  for (const member of members) add(member);
  return {
    isStopping: () => stopped !== undefined,
    processOf: (name) => lives.get(name)?.process,
    remove,
    add,
    stop() {
      stopped ??= stopAll();
      return stopped;
    },
  };
}

function withRouterSecret(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { ROUTER_PRIVATE_KEY, ROUTER_PUBLIC_KEYS, ROUTER_SECRET } = environment;
  const isGiven = Boolean(ROUTER_PRIVATE_KEY || ROUTER_PUBLIC_KEYS || ROUTER_SECRET);
  return isGiven ? environment : { ...environment, ROUTER_SECRET: newRouterSecret() };
}

function startProcess(
  { part, variables, script = startScript }: Member,
  environment: NodeJS.ProcessEnv,
  say: (line: string) => void,
): ChildProcess {
  const child = spawn(process.execPath, [...warnings, ...endsWithCluster, script, part], {
    env: { ...environment, ...variables },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    // A group of its own: a terminal's Ctrl-C is for the cluster, which drains its processes in order.
    detached: true,
  });
  for (const input of [child.stdout, child.stderr]) if (input) createInterface({ input }).on('line', say);
  return child;
}
