import { type Change, type NewSubgraph, removeSubgraph, replaceSubgraphs, rollBackTo } from './change.ts';
import type { Command, What } from './command.ts';
import { describeAction, describeFinding } from './describe.ts';
import { type Published, type Publisher, publish } from './publish.ts';
import { repair } from './repair.ts';
import type { Store } from './store.ts';
import { type Terminal, tellEntry, tellHistory } from './tell-history.ts';

/** What commands need of the checkout that they run in. */
export interface Checkout {
  /** The schemas to publish; an Error says which file cannot be read. */
  readSubgraphs(what: What): readonly NewSubgraph[];
  publisher(store: Store, by: string | null): Publisher;
}

/** The check refuses, or something in the store is damaged. */
const failed = 1;
/** As for arguments that cannot be understood. */
const senseless = 2;
/** Somebody published meanwhile: doing the same once more may succeed. */
const overtaken = 3;

/** Does what was asked and gives the exit code. Rejects with UnavailableError, or DamagedStoreError. */
export async function runCommand(
  command: Command,
  store: Store,
  checkout: Checkout,
  terminal: Terminal,
): Promise<number> {
  switch (command.kind) {
    case 'publish':
      return change(
        command,
        replaceSubgraphs(checkout.readSubgraphs(command.what)),
        store,
        checkout,
        terminal,
      );
    case 'rollback':
      return change(command, rollBackTo(command.id), store, checkout, terminal);
    case 'remove':
      return change(command, removeSubgraph(command.name), store, checkout, terminal);
    case 'history':
      return tellHistory(command, store, terminal);
    case 'show':
      return tellEntry(command, store, terminal);
    case 'repair':
      return mend(command.id, store, terminal);
  }
}

async function change(
  command: Command & { kind: 'publish' | 'rollback' | 'remove' },
  wanted: Change,
  store: Store,
  checkout: Checkout,
  terminal: Terminal,
): Promise<number> {
  const published = await publish(checkout.publisher(store, command.by), wanted, {
    retries: command.retries,
    isDryRun: command.isDryRun,
    isNewStore: command.kind === 'publish' && command.isNewStore,
    forcedBecause: command.kind === 'rollback' ? command.forcedBecause : null,
  });
  return tell(published, terminal);
}

function tell(published: Published, { print, complain }: Terminal): number {
  switch (published.kind) {
    case 'published':
      for (const finding of published.findings) print(`${finding.severity} ${describeFinding(finding)}`);
      print(`Published ${published.entry.id}: ${describeAction(published.entry.entry.action)}.`);
      return 0;
    case 'would-publish':
      for (const finding of published.findings) print(`${finding.severity} ${describeFinding(finding)}`);
      print('It would be published: nothing was written.');
      return 0;
    case 'unchanged':
      print(`Nothing to publish: this is what ${published.head.id} serves.`);
      return 0;
    case 'refused': {
      const errors = published.findings.filter(({ severity }) => severity === 'error');
      for (const finding of errors) complain(describeFinding(finding));
      complain(`Not published: ${errors.length} ${errors.length === 1 ? 'error' : 'errors'}.`);
      return failed;
    }
    case 'impossible':
      complain(published.message);
      return senseless;
    case 'overtaken': {
      const { id, entry } = published.by;
      complain(
        `Not published: publish again. ${entry.by} published ${id} meanwhile (${describeAction(entry.action)}).`,
      );
      return overtaken;
    }
  }
}

async function mend(id: string | null, store: Store, { print, complain }: Terminal): Promise<number> {
  const outcome = await repair(store, id);
  switch (outcome.kind) {
    case 'repaired':
      print(`The supergraph is that of ${outcome.id} again.`);
      return 0;
    case 'intact':
      print(`Nothing to repair: the supergraph is that of ${outcome.id}.`);
      return 0;
    case 'impossible':
      complain(outcome.message);
      return senseless;
    case 'overtaken':
      complain('Not repaired: somebody wrote the supergraph meanwhile.');
      return overtaken;
  }
}
