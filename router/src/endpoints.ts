/** A process of a subgraph. */
export interface Endpoint {
  readonly url: URL;
  /** It could not be reached; until then (of the clock given) the others are tried first. */
  avoidedUntilMs: number;
}

/** The processes of one subgraph, taken in turn. */
export interface Endpoints {
  /** All of them, in the order to try: those in good standing first, beginning with the next in turn. */
  inTurn(): Endpoint[];
  /** It refused a connection. Answers true if it was in good standing. */
  avoid(endpoint: Endpoint): boolean;
  /** It answered. Answers true if it had been avoided. */
  welcome(endpoint: Endpoint): boolean;
}

/** Long enough that a dead process costs one attempt a second, short enough to find a restarted one soon. */
const avoidMs = 1_000;

/**
 * The processes at the URLs that `currentUrls` answers, which may change: at least one, each once. A new one is in good
 * standing. `nowMs` is a clock that does not jump.
 */
export function createEndpoints(currentUrls: () => readonly string[], nowMs: () => number): Endpoints {
  let known = new Map<string, Endpoint>();
  let turn = 0;
  return {
    inTurn() {
      known = new Map(
        currentUrls().map((url) => [url, known.get(url) ?? { url: new URL(url), avoidedUntilMs: 0 }]),
      );
      const endpoints = [...known.values()];
      const start = turn++ % endpoints.length;
      const rotated = [...endpoints.slice(start), ...endpoints.slice(0, start)];
      const isAvoided = ({ avoidedUntilMs }: Endpoint) => Number(avoidedUntilMs > nowMs());
      return rotated.sort((a, b) => isAvoided(a) - isAvoided(b));
    },
    avoid(endpoint) {
      const wasGood = endpoint.avoidedUntilMs === 0;
      endpoint.avoidedUntilMs = nowMs() + avoidMs;
      return wasGood;
    },
    welcome(endpoint) {
      const wasAvoided = endpoint.avoidedUntilMs > 0;
      endpoint.avoidedUntilMs = 0;
      return wasAvoided;
    },
  };
}
