/** A place where the supergraph is kept, and where it may change. */
export interface SupergraphSource {
  /** For logs: a path, or a URL without its credentials. */
  readonly name: string;
  /** The whole text as it is now, or null if it has not changed since it was read last. Rejects when it cannot be had. */
  read(): Promise<string | null>;
  /** Resolves when it may have changed, at the latest after its polling interval, or when the signal aborts. */
  untilChange(signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

/** A supergraph of a thousand subgraphs is some megabytes long. */
export const maxSupergraphBytes = 16 * 1024 * 1024;
