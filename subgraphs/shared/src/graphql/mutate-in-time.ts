import { shopError } from './errors.ts';
import type { Resolvers } from './subgraph-schema.ts';

/** Apollo Server copies the context for each operation: what is known of a request must be a property of it. */
const lateAtMs = Symbol('lateAtMs');

interface Timed {
  [lateAtMs]?: number;
}

type Resolve = (source: unknown, args: unknown, context: Timed, info: unknown) => unknown;

/** Notes in a request's context when (of `performance.now()`) its time is over. */
export function withTime<Context extends object>(context: Context, atMs: number): Context {
  return Object.assign(context, { [lateAtMs]: atMs });
}

/**
 * The same resolvers, but a mutation of a request whose time is over does not begin. Those of one request run one after
 * the other: without this they would go on after the client was told to try again, and keep its place all the while.
 */
export function mutateInTime(resolvers: Resolvers): Resolvers {
  const mutations = Object.entries(resolvers.Mutation ?? {}).map(([name, resolve]) => {
    const inTime: Resolve = (source, args, context, info) => {
      if (performance.now() >= (context[lateAtMs] ?? Number.POSITIVE_INFINITY)) {
        throw shopError('SERVICE_UNAVAILABLE', tooLate, { retryAfterSeconds: 1 });
      }
      return (resolve as Resolve)(source, args, context, info);
    };
    return [name, inTime];
  });
  return mutations.length === 0 ? resolvers : { ...resolvers, Mutation: Object.fromEntries(mutations) };
}

const tooLate = 'The time of the request was over before this mutation began. Try again in a few seconds.';
