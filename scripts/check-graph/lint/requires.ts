import type { Finding } from '../finding.ts';
import { errorAt, federationDirectives, type SubgraphSchema, typesWithFields } from './subgraph-schema.ts';

/** REQUIRES_WITH_ARGUMENTS: no @requires on a field that takes arguments, since Apollo's gateway answers it wrongly. */
export function lintRequires(schemas: readonly SubgraphSchema[]): readonly Finding[] {
  return schemas.flatMap((schema) =>
    typesWithFields(schema).flatMap((type) =>
      (type.fields ?? [])
        .filter((field) => field.arguments?.length && federationDirectives(field, 'requires').length > 0)
        .map(({ name }) => {
          const coordinate = `${type.name.value}.${name.value}`;
          const message = `${coordinate} has both arguments and @requires, which the gateway answers wrongly: two fields, or the needed value as an argument.`;
          return errorAt(schema, name, { code: 'REQUIRES_WITH_ARGUMENTS', message, coordinate });
        }),
    ),
  );
}
