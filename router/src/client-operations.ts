import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Kind, parse, print, Source } from 'graphql';
import { oneOperation } from './one-operation.ts';

/** Which of the two graphs that the router serves an operation is for. */
export type Variant = 'public' | 'internal';

/** An operation that a client is known to run. */
export interface ClientOperation {
  readonly name: string;
  readonly type: string;
  readonly variant: Variant;
  /** The operation and the fragments that it uses, as graphql-js prints them. */
  readonly body: string;
  /** The SHA-256 of the body in hex: by this the client names it (a trusted document). */
  readonly id: string;
  /** The file, relative to the folder, and the line where it begins. */
  readonly at: string;
}

/** Operations of this folder, below the folder of operations, are for the internal graph; all others for the public one. */
const internalFolder = 'internal';

/**
 * The operations of every .graphql file of a folder, such as contracts/operations, by name. An operation may use the
 * fragments of its own file.
 *
 * @throws Error naming a file that is not GraphQL, an operation without a name, or two of the same name
 */
export function readClientOperations(folder: string): ClientOperation[] {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.graphql'),
  );
  const operations = files.flatMap((file) => operationsOf(file, readFileSync(join(folder, file), 'utf8')));
  operations.sort((a, b) => (a.name < b.name ? -1 : 1));
  const double = operations.find(({ name }, index) => operations[index + 1]?.name === name);
  if (double) throw new Error(`${double.at}: another operation is named ${double.name} as well`);
  return operations;
}

/** The operations of one file's text; `file` is its path in the folder of operations. */
export function operationsOf(file: string, text: string): ClientOperation[] {
  const document = parse(new Source(text, file));
  const variant = file.startsWith(`${internalFolder}/`) ? 'internal' : 'public';
  return document.definitions.flatMap((definition) => {
    if (definition.kind !== Kind.OPERATION_DEFINITION) return [];
    const at = `${file}:${definition.loc?.startToken.line ?? 1}`;
    if (!definition.name) throw new Error(`${at}: an operation needs a name`);
    const body = print(oneOperation(document, definition));
    const id = createHash('sha256').update(body).digest('hex');
    return [{ name: definition.name.value, type: definition.operation, variant, body, id, at }];
  });
}
