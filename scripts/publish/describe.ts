import type { Finding } from '../check-graph/finding.ts';
import type { Action, StoredEntry } from './entry.ts';

/** What was done, in a few words. */
export function describeAction(action: Action): string {
  switch (action.kind) {
    case 'publish':
      return `publish ${action.subgraphs.join(', ')}`;
    case 'remove':
      return `remove ${action.subgraph}`;
    case 'rollback':
      return `rollback to ${action.to}`;
  }
}

/** An entry in one line of a history. */
export function describeEntry({ id, entry }: StoredEntry): string {
  const forced = entry.forced ? ` (forced: ${entry.forced.reason})` : '';
  return `${id}  ${entry.at}  ${entry.by}: ${describeAction(entry.action)}${forced}`;
}

/** An entry with the hash and the address of each schema. */
export function describeLineage(stored: StoredEntry): string {
  const { entry } = stored;
  return [
    describeEntry(stored),
    `  follows ${entry.parent ?? 'nothing: it is the first'}`,
    ...(entry.forced ? [`  in spite of ${entry.forced.codes.join(', ')}`] : []),
    `  supergraph ${entry.supergraphSha256}, composed by @apollo/composition ${entry.compositionVersion}`,
    ...entry.subgraphs.map(({ name, sha256, routingUrl }) => `  ${name} ${sha256} ${routingUrl}`),
  ].join('\n');
}

/** A finding of the check, a line for each place it is about. */
export function describeFinding({ code, message, coordinate, operations = [], locations }: Finding): string {
  return [
    `${code}: ${message}`,
    ...(coordinate && !message.includes(coordinate) ? [`  ${coordinate}`] : []),
    ...(operations.length > 0 ? [`  used by ${operations.join(', ')}`] : []),
    ...locations.map((at) => `  at ${at}`),
  ].join('\n');
}
