import { type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Readable } from 'node:stream';

/** A child process that runs a script of a test. */
export interface RunningScript {
  child: ChildProcessByStdio<null, Readable, Readable>;
  /** What it has written to stdout so far. */
  output(): string;
  /** Resolves when stdout holds this text; rejects when the process ends without having said it. */
  untilSays(text: string): Promise<void>;
  /** Resolves with the exit code, null after a signal. */
  ended: Promise<number | null>;
}

/**
 * Runs the text of an ES module in a Node process of its own; its relative imports start at `at`. The process is
 * killed after 20 s.
 */
export function runScript(script: string, at: string): RunningScript {
  const text = script.replaceAll(
    /from '(\.[^']+)'/g,
    (_, path: string) => `from '${new URL(path, at).href}'`,
  );
  const child = spawn(process.execPath, ['--input-type=module', '--eval', text], {
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 20_000,
    killSignal: 'SIGKILL',
  });
  let output = '';
  let errors = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    output += chunk;
  });
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    errors += chunk;
  });
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const untilSays = (wanted: string) =>
    new Promise<void>((resolve, reject) => {
      const look = () => output.includes(wanted) && resolve();
      child.stdout.on('data', look);
      ended.then(() => reject(new Error(`it ended without saying ${wanted}: ${output}${errors}`)));
      look();
    });
  return { child, output: () => output, untilSays, ended };
}
