import { setTimeout as sleep } from 'node:timers/promises';

export type Outcome<Data> =
  | { kind: 'answered'; data: Data; retried: boolean }
  /** An error that is an answer, such as ORDER_NOT_CANCELLABLE. */
  | { kind: 'refused'; code: string; message: string }
  /** SERVICE_UNAVAILABLE, or no connection, at both attempts. It may have been done all the same. */
  | { kind: 'unavailable' }
  /** No answer within the client's patience. */
  | { kind: 'unanswered' };

/** Asks the shop as a careful client does: any router that takes the connection, and once more when told to come back. */
export type Ask = <Data>(
  query: string,
  variables: object,
  headers: Record<string, string>,
) => Promise<Outcome<Data>>;

// Longer than the longest answer that the router promises.
const patienceMs = 35_000;

interface GraphqlAnswer<Data> {
  data?: Data | null;
  errors?: { message: string; extensions?: { code?: string; retryAfterSeconds?: number } }[];
}

/** A client of several routers, as behind a load balancer: one that refuses the connection is passed over. */
export function createAsk(routers: string[]): Ask {
  let turn = 0;
  const connect = async (body: string, headers: Record<string, string>): Promise<Response | null> => {
    const first = turn++;
    for (let n = 0; n < routers.length; n += 1) {
      const url = `${routers[(first + n) % routers.length]}/graphql`;
      const signal = AbortSignal.timeout(patienceMs);
      try {
        return await fetch(url, { method: 'POST', headers, body, signal });
      } catch (error) {
        if (signal.aborted) throw error;
        if (!wasRefused(error)) return null;
      }
    }
    return null;
  };
  const attempt = async <Data>(body: string, headers: Record<string, string>): Promise<Attempt<Data>> => {
    try {
      const response = await connect(body, headers);
      if (!response) return { kind: 'unavailable', retryAfterMs: 1_000 };
      return judge((await response.json()) as GraphqlAnswer<Data>);
    } catch (error) {
      if (error instanceof DOMException) return { kind: 'unanswered' };
      return { kind: 'unavailable', retryAfterMs: 1_000 };
    }
  };
  return async <Data>(query: string, variables: object, given: Record<string, string>) => {
    const headers = { 'content-type': 'application/json', ...given };
    const body = JSON.stringify({ query, variables });
    const first = await attempt<Data>(body, headers);
    if (first.kind !== 'unavailable') return first;
    await sleep(first.retryAfterMs);
    const second = await attempt<Data>(body, headers);
    return second.kind === 'answered' ? { ...second, retried: true } : second;
  };
}

type Attempt<Data> =
  | Exclude<Outcome<Data>, { kind: 'unavailable' }>
  | { kind: 'unavailable'; retryAfterMs: number };

function judge<Data>({ data, errors = [] }: GraphqlAnswer<Data>): Attempt<Data> {
  const [error] = errors;
  if (!error && data) return { kind: 'answered', data, retried: false };
  const { code = 'none', retryAfterSeconds = 1 } = error?.extensions ?? {};
  if (code === 'SERVICE_UNAVAILABLE') return { kind: 'unavailable', retryAfterMs: retryAfterSeconds * 1_000 };
  return { kind: 'refused', code, message: error?.message ?? 'an answer without data' };
}

function wasRefused(error: unknown): boolean {
  const cause = error instanceof Error ? (error.cause as { code?: string } | undefined) : undefined;
  return cause?.code === 'ECONNREFUSED';
}
