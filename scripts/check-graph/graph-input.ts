import type { ClientOperation } from '@shop/router/client-operations';
import type { KnownDocument } from '@shop/router/operation-manifest';
import type { SupergraphConfig } from '../compose/supergraph-config.ts';

/** Everything that a verdict on a graph depends on: it is the same for the same input, whoever asks. */
export interface GraphInput {
  /** The subgraphs as they would be. */
  readonly subgraphs: SupergraphConfig;
  /** The supergraph that is compared with, as it is at the base; null when there is none. */
  readonly baseSupergraphSdl: string | null;
  readonly operations: readonly ClientOperation[];
  /** What clients still send besides, which were released before an operation changed: they have no committed plan. */
  readonly released?: readonly KnownDocument[];
  /** How often each field (`Type.field`) was asked for lately; without it, operations alone tell what is in use. */
  readonly usage?: Readonly<Record<string, number>>;
  /** Committed query plans by the operation's name; null leaves plans unchecked. */
  readonly plans: Readonly<Record<string, string>> | null;
  /** Hints of the composition that are accepted, and why. */
  readonly acceptedHints: readonly AcceptedHint[];
  /** Decides whether a removal date has passed. */
  readonly today: Date;
}

/** A hint of composition with this code, and this text in its message, is no error, for this reason. */
export interface AcceptedHint {
  readonly code: string;
  readonly contains: string;
  readonly reason: string;
}
