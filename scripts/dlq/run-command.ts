import { type DeadLetter, formatPlace, type Place } from '@shop/shared/events/dead-letters';
import type { Events } from '@shop/shared/events/port';
import {
  discardDeadLetters,
  findDeadLetter,
  isWhole,
  openDeadLetters,
  replayDeadLetters,
} from '@shop/shared/events/work-dead-letters';
import type { Command } from './command.ts';
import { formatJson, formatLetter, formatRow, listHeading } from './format.ts';

/** So many letters are published together; one page is in memory. */
const pageSize = 100;

export interface Terminal {
  print: (line: string) => void;
  complain: (line: string) => void;
}

type Work = 'replay' | 'discard';

const past = { replay: 'replayed', discard: 'discarded' } as const;

/** Does what was asked and gives the exit code: 1 when some of it could not be done. Rejects with UnavailableError. */
export function runCommand(
  command: Exclude<Command, { kind: 'misuse' }>,
  events: Events,
  terminal: Terminal,
): Promise<number> {
  switch (command.kind) {
    case 'list':
      return list(command, events, terminal);
    case 'show':
      return show(command, events, terminal);
    case 'replay':
    case 'discard':
      return workOne(command, events, terminal);
    case 'replay-all':
      return workAll('replay', command.sourceTopics, events, terminal);
    case 'discard-all':
      return workAll('discard', command.sourceTopics, events, terminal);
  }
}

async function list(
  { sourceTopics, isJson }: { sourceTopics: string[]; isJson: boolean },
  events: Events,
  { print }: Terminal,
): Promise<number> {
  let count = 0;
  for await (const letter of openDeadLetters(events, sourceTopics)) {
    if (!isJson && count === 0) print(listHeading);
    print(isJson ? formatJson(letter, null) : formatRow(letter));
    count++;
  }
  if (!isJson) print(count === 0 ? 'No dead letters are open.' : `${count} open`);
  return 0;
}

async function show(
  { place, isJson }: { place: Place; isJson: boolean },
  events: Events,
  terminal: Terminal,
): Promise<number> {
  const found = await find(place, events, terminal);
  if (!found) return 1;
  const { letter, resolution } = found;
  terminal.print(isJson ? formatJson(letter, { resolution }) : formatLetter(letter, resolution));
  return 0;
}

async function workOne(
  { kind, place, isAgain }: { kind: Work; place: Place; isAgain: boolean },
  events: Events,
  terminal: Terminal,
): Promise<number> {
  const found = await find(place, events, terminal);
  if (!found) return 1;
  const { letter, resolution } = found;
  if (resolution && !isAgain) {
    const hint = kind === 'replay' ? ' With --again it is published all the same.' : '';
    terminal.print(
      `${formatPlace(place)} was ${resolution.kind} already, ${resolution.at}: nothing to do.${hint}`,
    );
    return 0;
  }
  if (kind === 'replay' && !isWhole(letter)) {
    terminal.complain(cannotReplay(letter));
    return 1;
  }
  await work(kind, [letter], events, terminal);
  return 0;
}

/** What becomes a dead letter again meanwhile is left for the next time, so that this comes to an end. */
async function workAll(
  kind: Work,
  sourceTopics: string[],
  events: Events,
  terminal: Terminal,
): Promise<number> {
  const counts = { done: 0, impossible: 0 };
  let page: DeadLetter[] = [];
  const flush = async () => {
    await work(kind, page, events, terminal);
    counts.done += page.length;
    page = [];
  };
  for await (const letter of openDeadLetters(events, sourceTopics)) {
    if (kind === 'replay' && !isWhole(letter)) {
      terminal.complain(cannotReplay(letter));
      counts.impossible++;
    } else if (page.push(letter) === pageSize) await flush();
  }
  await flush();
  terminal.print(`${counts.done} ${past[kind]}`);
  return counts.impossible === 0 ? 0 : 1;
}

async function work(kind: Work, letters: DeadLetter[], events: Events, { print }: Terminal): Promise<void> {
  const apply = kind === 'replay' ? replayDeadLetters : discardDeadLetters;
  await apply(events, letters, Date.now());
  for (const { place, sourceTopic } of letters) {
    print(`${past[kind]} ${formatPlace(place)}${kind === 'replay' ? ` to ${sourceTopic}` : ''}`);
  }
}

async function find(place: Place, events: Events, { complain }: Terminal) {
  const found = await findDeadLetter(events, place);
  if (!found) complain(`There is no dead letter ${formatPlace(place)}.`);
  return found;
}

function cannotReplay({ place, cutFromBytes, source }: DeadLetter): string {
  const where = source ? ` The whole record lies at ${formatPlace(source)}.` : '';
  return `${formatPlace(place)} cannot be replayed: of its ${cutFromBytes} bytes only the beginning was kept.${where}`;
}
