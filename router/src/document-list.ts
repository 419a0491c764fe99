import { createHash } from 'node:crypto';
import { type DocumentNode, getOperationAST, type OperationDefinitionNode, parse, print } from 'graphql';
import { oneOperation } from './one-operation.ts';
import type { KnownDocument } from './operation-manifest.ts';

/** Documents that are known, and what is one of them. */
export interface DocumentList {
  byId(id: string): KnownDocument | undefined;
  /**
   * The known document that a text has as the operation to run: only white space, comments, the order of fragments and
   * what the operation does not use may differ.
   */
  byText(text: string, operationName: string | undefined): KnownDocument | undefined;
  /** The id that an operation of a parsed document would have if it were known; null when it is. */
  unknownIdOf(document: DocumentNode, operation: OperationDefinitionNode): string | null;
}

/** So many ways to write a known document are remembered: more than clients have, and little memory. */
const maxRememberedTexts = 1_000;

export function createDocumentList(documents: readonly KnownDocument[]): DocumentList {
  const byId = new Map(documents.map((each) => [each.id, each]));
  // Another tool may have made the manifest, which prints otherwise than we do.
  const byOwnId = new Map(documents.map((each) => [ownIdOfText(each.body, undefined), each]));
  // Apollo Server gives the same node for the same text.
  const judged = new WeakMap<OperationDefinitionNode, string | null>();
  /** By the hash of what a client sent, since the texts themselves may be long. */
  const remembered = new Map<string, KnownDocument>();

  function remember(hash: string, document: KnownDocument): void {
    const [oldest] = remembered.keys();
    if (oldest !== undefined && remembered.size >= maxRememberedTexts) remembered.delete(oldest);
    remembered.set(hash, document);
  }

  return {
    byId: (id) => byId.get(id),
    byText(text, operationName) {
      const exact = byId.get(sha256(text));
      if (exact) return exact;
      const hash = sha256(JSON.stringify([text, operationName]));
      const seen = remembered.get(hash);
      if (seen) return seen;
      const id = ownIdOfText(text, operationName);
      const found = id === null ? undefined : byOwnId.get(id);
      if (found) remember(hash, found);
      return found;
    },
    unknownIdOf(document, operation) {
      const before = judged.get(operation);
      if (before !== undefined) return before;
      const id = ownIdOf(document, operation);
      const unknown = byOwnId.has(id) ? null : id;
      judged.set(operation, unknown);
      return unknown;
    },
  };
}

function ownIdOf(document: DocumentNode, operation: OperationDefinitionNode): string {
  return sha256(print(oneOperation(document, operation)));
}

/** Null when the text is not GraphQL or does not say which operation to run. */
function ownIdOfText(text: string, operationName: string | undefined): string | null {
  let document: DocumentNode;
  try {
    document = parse(text, { noLocation: true });
  } catch {
    return null;
  }
  const operation = getOperationAST(document, operationName);
  return operation ? ownIdOf(document, operation) : null;
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
