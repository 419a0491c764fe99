import type { ErrorCode } from '@shop/contracts/errors';
import { GraphQLError } from 'graphql';

/** The most that one operation may ask for; README.md says what each of them counts. */
export interface OperationLimits {
  readonly tokens: number;
  readonly depth: number;
  readonly aliases: number;
  readonly directives: number;
  readonly rootFields: number;
  readonly fields: number;
  readonly cost: number;
}

/**
 * Several times what any known operation has. The checks of graphql-js compare fields pairwise, and the planner of the
 * gateway takes about a millisecond for a field on a way between subgraphs: with these both end within a second. Whatever
 * costs the most that is allowed keeps router and subgraphs, when they share a core, busy for a second.
 */
export const defaultLimits: OperationLimits = {
  tokens: 2_000,
  depth: 20,
  aliases: 100,
  directives: 50,
  rootFields: 25,
  fields: 500,
  cost: 100_000,
};

/** The admin may read ten times as much at once; what the checks and the planner can take is the same. */
export function limitsOfAdmin(limits: OperationLimits): OperationLimits {
  return { ...limits, cost: limits.cost * 10 };
}

export type LimitCode = Extract<ErrorCode, `MAX_${string}_LIMIT` | 'COST_ESTIMATED_TOO_EXPENSIVE'>;

/** What an operation has too much of. */
export interface Excess {
  readonly code: LimitCode;
  readonly message: string;
  /** What the client is told besides, for a program. */
  readonly details?: Record<string, unknown>;
}

export function tooMany(what: 'tokens' | 'aliases' | 'directives' | 'root fields' | 'fields', max: number) {
  const message = `The operation has too many ${what}: ${max} are allowed.`;
  return { code: codes[what], message, details: { max } } satisfies Excess;
}

export function tooDeep(max: number): Excess {
  const message = `The operation is nested too deeply: ${max} levels are allowed.`;
  return { code: 'MAX_DEPTH_LIMIT', message, details: { max } };
}

export function tooCostly(estimated: number, max: number): Excess {
  const message = `The operation would cost ${estimated}, and ${max} is allowed: ask for smaller pages, or for less of each.`;
  return { code: 'COST_ESTIMATED_TOO_EXPENSIVE', message, details: { estimated, max } };
}

/** As what a client is answered: 400, since it would be refused the next time too. */
export function toRefusal({ code, message, details }: Excess): GraphQLError {
  return new GraphQLError(message, { extensions: { ...details, code, http: { status: 400 } } });
}

/** Those of Apollo Router where it has such a limit, so that its clients know them. */
const codes = {
  tokens: 'MAX_TOKENS_LIMIT',
  aliases: 'MAX_ALIASES_LIMIT',
  directives: 'MAX_DIRECTIVES_LIMIT',
  'root fields': 'MAX_ROOT_FIELDS_LIMIT',
  fields: 'MAX_HEIGHT_LIMIT',
} as const;
