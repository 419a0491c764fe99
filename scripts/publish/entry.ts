import { createHash } from 'node:crypto';
import { z } from 'zod';

const published = z.object({
  name: z.string(),
  routingUrl: z.string(),
  sha256: z.string(),
  schema: z.string(),
});

const action = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('publish'), subgraphs: z.array(z.string()) }),
  z.object({ kind: z.literal('remove'), subgraph: z.string() }),
  z.object({ kind: z.literal('rollback'), to: z.string() }),
]);

const entry = z.object({
  formatVersion: z.literal(1),
  /** The entry whose graph was replaced; null for the first. */
  parent: z.string().nullable(),
  /** ISO 8601, in UTC, by the clock of whoever published. */
  at: z.string(),
  by: z.string(),
  action,
  /** What the check had against it, where it was published all the same. */
  forced: z.object({ reason: z.string(), codes: z.array(z.string()) }).optional(),
  /** Of the library that composed. */
  compositionVersion: z.string(),
  subgraphs: z.array(published),
  supergraphSha256: z.string(),
  supergraphSdl: z.string(),
});

/** One subgraph as it was when a supergraph was published. */
export type PublishedSubgraph = Readonly<z.output<typeof published>>;

/** What was done to get a supergraph. */
export type Action = z.output<typeof action>;

/** One published supergraph with all that it was made of; it is never changed. */
export type Entry = Readonly<z.output<typeof entry>>;

/** An entry under the id that it has in a history. */
export interface StoredEntry {
  readonly id: string;
  readonly entry: Entry;
}

/** Something in the store is not what was written there. */
export class DamagedStoreError extends Error {
  override name = 'DamagedStoreError';
}

/** The hash that entries and supergraphs carry: SHA-256 in hex. */
export function sha256Of(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** The text of an entry and its id: its time, for people, and the beginning of the hash of the text, which proves it. */
export function encodeEntry(content: Entry): { id: string; text: string } {
  const text = `${JSON.stringify(content, null, 2)}\n`;
  const stamp = content.at.replace(/\.\d+/, '').replace(/[-:]/g, '');
  return { id: `${stamp}-${hashInId(text)}`, text };
}

/**
 * The entry that was encoded to this text.
 *
 * @throws DamagedStoreError when the text is not the one that the id was made of
 */
export function decodeEntry(id: string, text: string): StoredEntry {
  if (!id.endsWith(`-${hashInId(text)}`))
    throw new DamagedStoreError(`The history is damaged: the text of ${id} does not match its hash.`);
  const parsed = entry.safeParse(JSON.parse(text));
  if (!parsed.success)
    throw new DamagedStoreError(
      `${id} was written by another version of this program: ${z.prettifyError(parsed.error)}`,
    );
  return { id, entry: parsed.data };
}

/** Whether a text is of the form of an id, so that it may stand in a key. */
export function isEntryId(text: string): boolean {
  return /^\d{8}T\d{6}Z-[0-9a-f]{16}$/.test(text);
}

/** 64 bits: enough against damage and coincidence; whoever may write the store could forge any hash. */
const hashInId = (text: string) => sha256Of(text).slice(0, 16);
