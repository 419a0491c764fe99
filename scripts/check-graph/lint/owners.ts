import type { Finding } from '../finding.ts';
import type { Entities } from './entities.ts';
import { placeOf, type SubgraphSchema } from './subgraph-schema.ts';

/**
 * ENTITY_OWNER: of the subgraphs that have an entity exactly one describes it, and so says whose it is. Clients read one
 * description, and a team knows whom to ask.
 */
export function lintOwners(_schemas: readonly SubgraphSchema[], entities: Entities): readonly Finding[] {
  return [...entities.values()].flatMap(({ name, declarations, owner }): Finding[] => {
    if (owner) return [];
    const described = declarations.filter(({ isDescribed }) => isDescribed);
    const involved = described.length > 0 ? described : declarations;
    const names = involved.map(({ schema }) => schema.name).join(', ');
    const message =
      described.length > 0
        ? `The entity ${name} is described by ${names}: only the subgraph that owns it may.`
        : `The entity ${name} is described by none of ${names}: the one that owns it has to.`;
    const locations = involved.flatMap(({ schema, nodes }) =>
      nodes.map((node) => placeOf(schema, node.name)),
    );
    return [{ code: 'ENTITY_OWNER', severity: 'error', message, locations, coordinate: name }];
  });
}
