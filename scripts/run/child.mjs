import { spawn } from 'node:child_process';
import { constants } from 'node:os';

/** A Ctrl-C reaches us twice, from the terminal and from npm: within this time both are one. */
const SAME_SIGNAL_MS = 1_000;
const PARENT_CHECK_MS = 500;
const FORWARDED = ['SIGINT', 'SIGTERM', 'SIGHUP'];

const endsWithLauncher = new URL('./ends-with-launcher.mjs', import.meta.url).href;

/**
 * Runs Node with these arguments and gives its exit code (128 + n when signal n ended it).
 *
 * The child leads its own process group, so that it hears of a Ctrl-C from us alone and exactly once. A second
 * signal, a second or more later, is from someone who is tired of waiting: it kills the group.
 */
export function runChild(node, args, cwd) {
  return new Promise((resolve) => {
    const child = spawn(node, ['--import', endsWithLauncher, ...args], {
      cwd,
      detached: true,
      stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    });
    const stopForwarding = forwardSignals(child);
    child.once('error', (error) => {
      stopForwarding();
      console.error(`Could not run ${node}: ${error.message}`);
      resolve(1);
    });
    child.once('exit', (code, signal) => {
      stopForwarding();
      resolve(code ?? 128 + constants.signals[signal]);
    });
  });
}

function forwardSignals(child) {
  let firstAt;
  const stop = (signal) => {
    const now = performance.now();
    if (firstAt === undefined) {
      firstAt = now;
      child.kill(signal);
    } else if (now - firstAt > SAME_SIGNAL_MS) {
      killGroup(child.pid);
    }
  };
  for (const signal of FORWARDED) process.on(signal, stop);
  // npm may be killed in a way that it cannot pass on; nobody would end the child then.
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid !== parent && firstAt === undefined) stop('SIGTERM');
  }, PARENT_CHECK_MS);
  return () => {
    clearInterval(watch);
    for (const signal of FORWARDED) process.off(signal, stop);
  };
}

/** Kills a process group; that it has just ended is no error. */
export function killGroup(pid) {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    if (error.code !== 'ESRCH') throw error;
  }
}
