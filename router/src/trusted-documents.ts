import { type ApolloServerPlugin, type GraphQLRequest, HeaderMap } from '@apollo/server';
import type { ErrorCode } from '@shop/contracts/errors';
import type { Logger } from '@shop/shared/process/log';
import { GraphQLError } from 'graphql';
import { createDocumentList } from './document-list.ts';
import type { KnownDocument } from './operation-manifest.ts';
import { documentIdOf, sendAsText, sendByHash } from './persisted-request.ts';
import { isRefused, refuseUnread } from './refused-request.ts';
import type { RouterContext } from './subgraph-source.ts';

/** What becomes of a document that is not known: it runs; it runs and is logged; it is refused. */
export type TrustMode = 'off' | 'log' | 'enforce';

/** What came of an operation with the modes that judge. */
export type Trust = 'trusted' | 'untrusted' | 'refused';

export interface TrustedDocumentsOptions {
  readonly documents: readonly KnownDocument[];
  readonly mode: TrustMode;
  readonly log: Logger;
  /** Told of every operation with `log` and `enforce`. */
  readonly count?: (trust: Trust) => void;
}

/** So many unknown documents are logged: whoever makes up more of them does not fill the log. */
const maxLoggedDocuments = 1_000;

/**
 * Lets clients send the id of a known document in place of its text, in every mode; by mode, documents that are not known
 * are logged or refused. With `enforce` nothing is parsed for execution, validated or run but what the list holds, word
 * for word, introspection included, and the server must not register persisted queries.
 */
export function createTrustedDocuments(options: TrustedDocumentsOptions): ApolloServerPlugin<RouterContext> {
  const { documents, mode, log, count } = options;
  const list = createDocumentList(documents);
  const noteUnknown = mode === 'log' ? createUnknownLog(log) : null;

  /** Makes the request one of a known document where it is; otherwise, with `enforce`, answers why it is refused. */
  function resolve(request: GraphQLRequest): GraphQLError | null {
    if (request.query !== undefined) return mode === 'enforce' ? resolveText(request, request.query) : null;
    const id = documentIdOf(request);
    const known = id === undefined ? undefined : list.byId(id);
    if (known) sendAsText(request, known.body);
    else if (id !== undefined && mode === 'enforce') return unknownId;
    else if (id !== undefined) sendByHash(request, id);
    return null;
  }

  function resolveText(request: GraphQLRequest, text: string): GraphQLError | null {
    const known = list.byText(text, request.operationName);
    if (known) sendAsText(request, known.body);
    return known ? null : unknownText;
  }

  return {
    async requestDidStart({ request }) {
      // What asks for too much is not looked at any more.
      if (isRefused(request)) return;
      const refused = resolve(request);
      if (mode === 'off') return;
      if (refused) refuseUnread(request, refused);
      return {
        async didResolveOperation({ document, operation }) {
          const unknownId = noteUnknown && operation ? list.unknownIdOf(document, operation) : null;
          if (unknownId !== null) noteUnknown?.(unknownId, operation?.name?.value);
          count?.(refused ? 'refused' : unknownId === null ? 'trusted' : 'untrusted');
        },
      };
    },
  };
}

function createUnknownLog(log: Logger) {
  const logged = new Set<string>();
  return (id: string, operation: string | undefined) => {
    if (logged.has(id) || logged.size >= maxLoggedDocuments) return;
    logged.add(id);
    log.warn({ document: id, operation: operation?.slice(0, 100) }, 'a document that is not trusted ran');
    if (logged.size === maxLoggedDocuments)
      log.warn('too many documents that are not trusted: further ones are not logged');
  };
}

/** The codes and statuses are those of Apollo Router, so that its clients know them. */
const unknownText = refusal(
  403,
  'QUERY_NOT_IN_SAFELIST',
  'This document is not one of those that the shop runs: only documents that were registered beforehand are.',
);
const unknownId = refusal(
  404,
  'PERSISTED_QUERY_NOT_IN_LIST',
  'No document of this id was registered beforehand; sending its text does not register it.',
);

function refusal(status: number, code: ErrorCode, message: string): GraphQLError {
  const headers = new HeaderMap([['cache-control', 'no-store']]);
  return new GraphQLError(message, { extensions: { code, http: { status, headers } } });
}
