import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Member } from './layout.ts';

export interface Supervisor {
  isStopping(): boolean;
  /** Drains the router, then everything behind it; resolves with 0 if every process ended with 0. Idempotent. */
  stop(): Promise<number>;
}

const startScript = fileURLToPath(new URL('../start.ts', import.meta.url));
// A cluster that is killed takes its processes with it.
const endsWithCluster = ['--import', new URL('../run/ends-with-launcher.mjs', import.meta.url).href];
const warnings = ['ExperimentalWarning', 'TimeoutNegativeWarning'].map((name) => `--disable-warning=${name}`);
/** A process that ended by itself is started again after this pause, which doubles up to the maximum. */
const restartAfterMs = 1_000;
const restartAtMostAfterMs = 10_000;
/** Who ran for this long begins with the short pause again. */
const isStableAfterMs = 30_000;

/**
 * Starts the processes and prints their output with their names in front. One that ends by itself is started again,
 * as an orchestrator would.
 */
export function startSupervisor(
  members: Member[],
  environment: NodeJS.ProcessEnv,
  print: (line: string) => void,
): Supervisor {
  const stopping = new AbortController();
  const running = new Map<string, ChildProcess>();
  const width = Math.max(...members.map(({ name }) => name.length));
  const exitCodes: (number | null)[] = [];
  const lives = new Map(members.map((member) => [member, live(member)]));

  async function live(member: Member): Promise<void> {
    const say = (line: string) => print(`${member.name.padEnd(width)} | ${line}`);
    for (let pauseMs = restartAfterMs; !stopping.signal.aborted; ) {
      const startedMs = performance.now();
      const child = startProcess(member, environment, say);
      running.set(member.name, child);
      const [code, signal]: (number | string | null)[] = await once(child, 'close');
      running.delete(member.name);
      if (stopping.signal.aborted) {
        exitCodes.push(code as number | null);
        return;
      }
      if (performance.now() - startedMs > isStableAfterMs) pauseMs = restartAfterMs;
      say(`ended with ${code ?? signal}; it is started again in ${pauseMs / 1000} s`);
      await sleep(pauseMs, undefined, { signal: stopping.signal }).catch(() => undefined);
      pauseMs = Math.min(pauseMs * 2, restartAtMostAfterMs);
    }
  }

  const drain = async (chosen: Member[]) => {
    for (const { name } of chosen) running.get(name)?.kill('SIGTERM');
    await Promise.all(chosen.map((member) => lives.get(member)));
  };
  const stopAll = async () => {
    stopping.abort();
    await drain(members.filter(({ part }) => part === 'router'));
    await drain(members.filter(({ part }) => part !== 'router'));
    return exitCodes.every((code) => code === 0) ? 0 : 1;
  };
  let stopped: Promise<number> | undefined;
  return {
    isStopping: () => stopping.signal.aborted,
    stop() {
      stopped ??= stopAll();
      return stopped;
    },
  };
}

function startProcess(
  { part, variables }: Member,
  environment: NodeJS.ProcessEnv,
  say: (line: string) => void,
): ChildProcess {
  const child = spawn(process.execPath, [...warnings, ...endsWithCluster, startScript, part], {
    env: { ...environment, ...variables },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    // A group of its own: a terminal's Ctrl-C is for the cluster, which drains its processes in order.
    detached: true,
  });
  for (const input of [child.stdout, child.stderr]) if (input) createInterface({ input }).on('line', say);
  return child;
}
