import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** pnpm may have to ask for what it knows of packages. */
const limitMs = 120_000;

/**
 * Runs Node with these arguments at `root`. Rejects with what it printed unless it ends with 0; and when the signal
 * aborts, once it and its children have ended.
 */
export async function runNode(root: string, args: readonly string[], signal: AbortSignal): Promise<void> {
  const child = spawn(process.execPath, args, {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    // A group of its own: whoever is left of it would write when everything is again as it was.
    detached: true,
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (output += text));
  const over = AbortSignal.any([signal, AbortSignal.timeout(limitMs)]);
  const end = () => {
    if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGKILL');
  };
  over.addEventListener('abort', end);
  const [code]: (number | null)[] = await once(child, 'close');
  over.removeEventListener('abort', end);
  over.throwIfAborted();
  if (code !== 0) throw new Error(output.trim() || `${args[0]} ended with ${code}`);
}
