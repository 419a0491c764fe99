import type { ClientOperation } from '@shop/router/client-operations';
import type { OperationProblem } from '@shop/router/plan-operations';
import { type GraphQLSchema, parse, validate } from 'graphql';
import type { Finding } from './finding.ts';

/**
 * The operations that a graph does not allow or cannot plan, as errors. An operation that was valid before and is
 * affected by a change that is an error already is not named again: one cause, one error.
 */
export function invalidOperations(
  problems: readonly OperationProblem[],
  bases: Readonly<Record<ClientOperation['variant'], GraphQLSchema>> | null,
  changes: readonly Finding[],
): readonly Finding[] {
  const affected = new Set(
    changes.flatMap(({ severity, operations = [] }) => (severity === 'error' ? operations : [])),
  );
  const isExplained = ({ name, variant, body }: ClientOperation) =>
    bases !== null && affected.has(name) && validate(bases[variant], parse(body)).length === 0;
  return problems
    .filter(({ operation }) => !isExplained(operation))
    .map(({ operation, message }) => ({
      code: 'INVALID_OPERATION',
      severity: 'error',
      message: `${operation.name}: ${message}`,
      locations: [`contracts/operations/${operation.at}:1`],
      operations: [operation.name],
    }));
}
