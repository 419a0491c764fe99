import { join } from 'node:path';
import { type ClientOperation, readClientOperations } from '@shop/router/client-operations';
import { planOperations } from '@shop/router/plan-operations';
import { toPublicVariant } from '@shop/router/public-variant';

/**
 * The operations of contracts/operations that clients may be sending: those that the graph of the releases serves.
 * What needs more than that, nobody sends before its deploy.
 */
export function sentToday(root: string, releasedSupergraph: string): ClientOperation[] {
  const operations = readClientOperations(join(root, 'contracts/operations'));
  const refused = new Set(refusedBy(releasedSupergraph, operations).map(({ name }) => name));
  return operations.filter(({ name }) => !refused.has(name));
}

/** What of these operations a supergraph does not serve to whom they are for, each with the reason. */
export function refusedBy(
  supergraphSdl: string,
  operations: readonly ClientOperation[],
): { name: string; message: string }[] {
  const variants = { public: toPublicVariant(supergraphSdl), internal: supergraphSdl };
  return (['public', 'internal'] as const).flatMap((variant) => {
    const asked = operations.filter((operation) => operation.variant === variant);
    const { problems } = planOperations(variants[variant], asked);
    return problems.map(({ operation, message }) => ({ name: operation.name, message }));
  });
}
