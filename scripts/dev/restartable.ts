import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

/** A script that is ended and started again, one process at a time. */
export interface Restartable {
  /** Ends the process, if there is one, and starts the next. Resolves when the old one has ended. */
  restart(): Promise<void>;
  /** Resolves when it has ended. */
  stop(): Promise<void>;
}

// One that is told to end takes 4.5 s at most; one that does not hear of it is not waited for.
const endsWithinMs = 6_000;
/** When this process is killed, that one goes with it. */
const endsWithUs = ['--import', new URL('../run/ends-with-launcher.mjs', import.meta.url).href];
const warnings = ['ExperimentalWarning', 'TimeoutNegativeWarning'].map((name) => `--disable-warning=${name}`);

/**
 * Runs nothing until it is restarted for the first time. Its output is ours. `onEnd` is told its exit code or signal when
 * it ends by itself.
 */
export function createRestartable(
  args: readonly string[],
  environment: NodeJS.ProcessEnv,
  onEnd: (how: number | string | null) => void,
): Restartable {
  let running: ChildProcess | undefined;

  async function stop(): Promise<void> {
    const child = running;
    running = undefined;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    const kill = setTimeout(() => child.kill('SIGKILL'), endsWithinMs);
    await ended;
    clearTimeout(kill);
  }

  return {
    stop,
    async restart() {
      await stop();
      const child = spawn(process.execPath, [...warnings, ...endsWithUs, ...args], {
        env: environment,
        stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
        // A group of its own: a terminal's Ctrl-C is for us, who end it in order.
        detached: true,
      });
      running = child;
      child.once('exit', (code, signal) => {
        if (running === child) onEnd(code ?? signal);
      });
    },
  };
}
