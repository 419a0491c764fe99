import { dirname } from 'node:path';
import type { Command, Misuse } from './command.ts';
import { DamagedStoreError } from './entry.ts';
import { openStore } from './open-store.ts';
import { runCommand } from './run-command.ts';
import { openCheckout } from './this-checkout.ts';

const root = dirname(dirname(import.meta.dirname));

/** Runs a command on the store that it names, on this process's terminal, and gives the exit code. */
export async function runScript(command: Command | Misuse): Promise<number> {
  if (command.kind === 'misuse') {
    console.error(command.text);
    return 2;
  }
  // A reader that has seen enough (`| head`) does not end the work in its middle.
  process.stdout.on('error', () => undefined);
  try {
    const store = openStore(command.store, { token: process.env.SUPERGRAPH_STORE_TOKEN || undefined });
    return await runCommand(command, store, openCheckout(root), {
      print: console.log,
      complain: console.error,
    });
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    if (error instanceof DamagedStoreError) console.error('See "A damaged store" in docs/operations.md.');
    return 1;
  }
}
