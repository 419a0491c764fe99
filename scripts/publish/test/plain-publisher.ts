import { composeSupergraph } from '../../compose/compose-supergraph.ts';
import type { NewSubgraph } from '../change.ts';
import type { Publisher, PublishOptions } from '../publish.ts';
import type { Store } from '../store.ts';

/** A publisher whose check is that the subgraphs compose, so that many publishes take little time. */
export function plainPublisher(store: Store, by = 'Ada'): Publisher {
  return {
    store,
    by,
    now: () => new Date(),
    compositionVersion: '0.0.0',
    async check(published) {
      const subgraphs = published.map(({ name, routingUrl, schema }) => {
        return { name, url: routingUrl, file: `${name}.graphql`, sdl: schema };
      });
      const composition = composeSupergraph({ federationVersion: '=0.0.0', subgraphs });
      if (composition.kind === 'invalid') {
        const findings = composition.problems.map((problem) => ({ ...problem, severity: 'error' as const }));
        return { ok: false, findings, composed: null };
      }
      return { ok: true, findings: [], composed: composition };
    },
  };
}

/** A subgraph of one field, which says its revision. */
export function subgraph(name: string, revision: number): NewSubgraph {
  const schema = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.11")\ntype Query { ${name}: Int ${name}_${revision}: Int }\n`;
  return { name, routingUrl: `http://127.0.0.1/${name}`, schema };
}

/** Which revision of a subgraph a supergraph, or an entry's schema, has. */
export function revisionIn(text: string, name: string): number {
  return Number(new RegExp(`\\b${name}_(\\d+):`).exec(text)?.[1] ?? Number.NaN);
}

export const once: PublishOptions = { retries: 0, isNewStore: false, isDryRun: false, forcedBecause: null };
