import type { Documents } from '../documents/port.ts';
import type { Authenticate } from '../identity/authenticate.ts';
import type { VerifyRouter } from '../identity/router-assertion.ts';
import type { Logger } from './log.ts';

/**
 * For a subgraph in a process of its own, which may be one of several: long enough that a router that is sending
 * requests gets an answer that tells it to stop, short beside the 4 s that closing may take.
 */
export const drainMs = 250;

/** What every subgraph is given; the ports belong to the caller, who closes them after the subgraph. */
export interface SubgraphDependencies {
  documents: Documents;
  authenticate: Authenticate;
  /** Whether an operation comes from the router; 'off' lets anybody ask who reaches the port. */
  verifyRouter: VerifyRouter | 'off';
  host: string;
  /** 0 takes any free port. */
  port: number;
  /** As `HttpListenerOptions.drainMs`. */
  drainMs?: number;
  log: Logger;
  /** How many operations this process works on at once; 1,000 by default. */
  maxRequests?: number;
  /** The time now; Date's by default. */
  clock?: () => Date;
  /** A fresh, time-ordered id of [A-Za-z0-9_-]; UUID version 7 by default. */
  newId?: () => string;
}

/** A running subgraph. */
export interface Subgraph {
  /** The origin where it listens; `/graphql`, `/livez` and `/readyz` are below it. */
  url: string;
  /** Stops accepting, finishes what is running, flushes outboxes, leaves the groups. Idempotent; at most 4 s. */
  close(): Promise<void>;
}
