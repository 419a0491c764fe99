import { globSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { compareComposedFiles } from '../compose/composed-files.ts';
import { type Changes, trackChanges } from './changes.ts';
import { entries } from './entries.ts';
import { fillIn, type Names } from './names.ts';
import { runNode } from './run-node.ts';

export interface AddingOptions {
  print(line: string): void;
  /** Ends it before its time: then nothing is changed. */
  signal: AbortSignal;
}

const template = join(import.meta.dirname, 'template');

/**
 * Adds a subgraph to the repository at `root`: its folder, its entry wherever each subgraph has one, the composed
 * contracts and the lockfile. All or nothing: when it throws, every file is as it was.
 *
 * @returns the files that it changed besides adding the folder
 */
export async function addSubgraph(
  root: string,
  names: Names,
  { print, signal }: AddingOptions,
): Promise<{ changed: string[] }> {
  const changes = trackChanges(root);
  const run = (...args: string[]) => runNode(root, args, signal);
  const folder = `subgraphs/${names.name}`;
  const steps: [string, () => void | Promise<void>][] = [
    [`${folder} and where it is named`, () => writeFiles(root, names, changes)],
    // Other names are of other lengths, and come in another order.
    ['its layout', () => run('node_modules/@biomejs/biome/bin/biome', 'check', '--write', folder)],
    ['the composed contracts', () => compose(root, changes)],
    ['pnpm-lock.yaml', () => run('scripts/run/update-lockfile.mjs')],
  ];
  changes.addFolder(folder);
  changes.remember('pnpm-lock.yaml');
  try {
    for (const [what, step] of steps) {
      await step();
      signal.throwIfAborted();
      print(`✓ ${what}`);
    }
  } catch (error) {
    changes.undo();
    throw error;
  }
  return { changed: changes.changed() };
}

function writeFiles(root: string, names: Names, changes: Changes): void {
  for (const path of globSync('**/*.*', { cwd: template })) {
    const text = readFileSync(join(template, path), 'utf8');
    changes.write(join('subgraphs', names.name, fillIn(path, names)), fillIn(text, names));
  }
  for (const [path, withEntry] of Object.entries(entries)) {
    changes.write(path, withEntry(readFileSync(join(root, path), 'utf8'), names));
  }
}

function compose(root: string, changes: Changes): void {
  const result = compareComposedFiles(root);
  if (result.kind === 'invalid')
    throw new Error(`With it the subgraphs do not compose.\n\n${result.message}`);
  for (const { path, text } of result.files) changes.write(relative(root, path), text);
}
