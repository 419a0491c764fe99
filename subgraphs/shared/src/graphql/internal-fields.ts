import { type DirectiveNode, type DocumentNode, type FieldDefinitionNode, Kind } from 'graphql';
import { type Caller, requireScope } from '../identity/caller.ts';
import type { Resolvers } from './subgraph-schema.ts';

type Resolve = (source: unknown, args: unknown, context: { caller: Caller }, info: unknown) => unknown;

/**
 * The resolvers with those of internal fields guarded: fields tagged `internal`, and all fields of types tagged so, are
 * for the admin and for the scope `internal`. The router does not show them on its public path; here is what counts
 * whatever the path was, also where an entity is asked for straight away. Needs `caller` in the context.
 */
export function guardInternalFields(typeDefs: DocumentNode, resolvers: Resolvers): Resolvers {
  const guarded: Record<string, Record<string, unknown>> = {};
  for (const definition of typeDefs.definitions) {
    if (definition.kind !== Kind.OBJECT_TYPE_DEFINITION && definition.kind !== Kind.OBJECT_TYPE_EXTENSION) {
      continue;
    }
    const type = definition.name.value;
    const fields = (definition.fields ?? []).filter((field) => isInternal(definition) || isInternal(field));
    if (fields.length === 0) continue;
    const own = resolvers[type] as Record<string, unknown> | undefined;
    guarded[type] = { ...own, ...guarded[type], ...guardEach(fields, own) };
  }
  return { ...resolvers, ...guarded } as Resolvers;
}

function guardEach(
  fields: readonly FieldDefinitionNode[],
  own: Record<string, unknown> | undefined,
): Record<string, Resolve> {
  return Object.fromEntries(fields.map(({ name }) => [name.value, guard(name.value, own?.[name.value])]));
}

function guard(name: string, resolver: unknown): Resolve {
  return (source, args, context, info) => {
    requireScope(context.caller, 'internal');
    if (typeof resolver === 'function') return resolver(source, args, context, info);
    const value = (source as Record<string, unknown>)[name];
    return typeof value === 'function' ? value.call(source, args, context, info) : value;
  };
}

function isInternal({
  directives = [],
}: {
  readonly directives?: readonly DirectiveNode[] | undefined;
}): boolean {
  return directives.some(
    ({ name, arguments: given = [] }) =>
      name.value === 'tag' &&
      given.some(({ value }) => value.kind === Kind.STRING && value.value === 'internal'),
  );
}
