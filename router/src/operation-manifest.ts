import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { ClientOperation } from './client-operations.ts';

/** A document that clients are known to send. */
export type KnownDocument = Pick<ClientOperation, 'id' | 'name' | 'type' | 'body'>;

/** Apollo's format of a persisted query manifest, which rover writes as well; what more it may say is ignored. */
const manifest = z.object({
  format: z.literal('apollo-persisted-query-manifest'),
  version: z.literal(1),
  operations: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      type: z.enum(['query', 'mutation', 'subscription']),
      body: z.string(),
    }),
  ),
});

/** The manifest of these operations for the clients of the public graph, as the text of its file. */
export function manifestOf(operations: readonly ClientOperation[]): string {
  const known = operations
    .filter(({ variant }) => variant === 'public')
    .map(({ id, name, type, body }) => ({ id, name, type, body }));
  const content = { format: 'apollo-persisted-query-manifest', version: 1, operations: known };
  return `${JSON.stringify(content, null, 2)}\n`;
}

/**
 * What clients are known to send: `manifest.json` of a folder of operations, and what was released.
 *
 * @throws Error naming the file that is no manifest, or that has an id which is not of its document
 */
export function readKnownDocuments(folder: string): KnownDocument[] {
  const documents: KnownDocument[] = readManifest(join(folder, 'manifest.json'));
  documents.push(...readReleasedDocuments(folder));
  return [...new Map(documents.map((each) => [each.id, each])).values()];
}

/**
 * The manifests in the folder `released` of a folder of operations: what clients send that are still about although their
 * operations have changed since.
 *
 * @throws Error as above
 */
export function readReleasedDocuments(folder: string): ClientOperation[] {
  const released = join(folder, 'released');
  if (!existsSync(released)) return [];
  const files = readdirSync(released).filter((file) => file.endsWith('.json'));
  return files.sort().flatMap((file) => {
    const at = `released/${file}`;
    return readManifest(join(released, file)).map((each) => ({ ...each, variant: 'public', at }));
  });
}

function readManifest(file: string): KnownDocument[] {
  const read = manifest.safeParse(jsonOf(file));
  if (!read.success)
    throw new Error(`${file} is no persisted query manifest: ${z.prettifyError(read.error)}`);
  for (const { id, name, body } of read.data.operations) {
    const isOfBody = createHash('sha256').update(body).digest('hex') === id;
    if (!isOfBody) throw new Error(`${file}: the id of ${name} is not the SHA-256 of its body`);
  }
  return read.data.operations;
}

function jsonOf(file: string): unknown {
  const text = readFileSync(file, 'utf8');
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`${file} is not JSON`, { cause: error });
  }
}
