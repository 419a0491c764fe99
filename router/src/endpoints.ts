/** What a process says of itself; `silent` when it says nothing in time. */
export type Health = 'ready' | 'unready' | 'silent';

/** A process of a subgraph. */
export interface Endpoint {
  readonly url: URL;
  /** It could not be reached; until then (of the clock given) the others are tried first. */
  avoidedUntilMs: number;
  health: Health;
  /** Abort the calls that wait for its answer and can as well be made elsewhere. */
  readonly movable: Set<AbortController>;
}

/** The processes of one subgraph, taken in turn. */
export interface Endpoints {
  /** All of them. */
  all(): readonly Endpoint[];
  /**
   * All of them, in the order to try: those in good standing first, beginning with the next in turn, then those that
   * are not ready, at last those that give no answer. So nobody is left without a process when all are unwell.
   */
  inTurn(): Endpoint[];
  /** It refused a connection. Answers true if it was in good standing. */
  avoid(endpoint: Endpoint): boolean;
  /** It answered. Answers true if it had been avoided. */
  welcome(endpoint: Endpoint): boolean;
  /**
   * A check found it so. Answers true if that is news. The movable calls of a process that fell silent are aborted if
   * another gives answers.
   */
  judge(endpoint: Endpoint, health: Health): boolean;
}

/** Long enough that a dead process costs one attempt a second, short enough to find a restarted one soon. */
const avoidMs = 1_000;

const ranks: Record<Health, number> = { ready: 0, unready: 1, silent: 2 };

/**
 * The processes at the URLs that `currentUrls` answers, which may change: at least one, each once. A new one is in good
 * standing. `nowMs` is a clock that does not jump.
 */
export function createEndpoints(currentUrls: () => readonly string[], nowMs: () => number): Endpoints {
  let known = new Map<string, Endpoint>();
  let turn = 0;
  const rank = ({ avoidedUntilMs, health }: Endpoint) =>
    avoidedUntilMs > nowMs() ? ranks.silent : ranks[health];
  const all = () => {
    known = new Map(currentUrls().map((url) => [url, known.get(url) ?? newEndpoint(url)]));
    return [...known.values()];
  };
  return {
    all,
    inTurn() {
      const endpoints = all();
      const start = turn++ % endpoints.length;
      const rotated = [...endpoints.slice(start), ...endpoints.slice(0, start)];
      return rotated.sort((a, b) => rank(a) - rank(b));
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
    judge(endpoint, health) {
      const isNews = endpoint.health !== health;
      endpoint.health = health;
      const isBetterElsewhere = [...known.values()].some((other) => rank(other) < ranks.silent);
      if (health === 'silent' && isBetterElsewhere) for (const call of endpoint.movable) call.abort();
      return isNews;
    },
  };
}

function newEndpoint(url: string): Endpoint {
  return { url: new URL(url), avoidedUntilMs: 0, health: 'ready', movable: new Set() };
}
