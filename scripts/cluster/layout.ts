import { subgraphNames } from '../start/subgraph-names.ts';
import type { Counts } from './config.ts';

/** One process of the cluster. */
export interface Member {
  /** What its log lines begin with: `products.2`. */
  name: string;
  /** `router`, or the name of a subgraph. */
  part: string;
  url: string;
  /** What it gets besides the environment of the cluster. */
  variables: Record<string, string>;
  /** What it runs, with the part as its argument, in place of scripts/start.ts. */
  script?: string;
}

/** How many processes that is, the router included. */
export function countProcesses(counts: Counts): number {
  return subgraphNames.reduce((sum, name) => sum + (counts[name] ?? 1), 1);
}

/**
 * The processes and their ports: the router on `port`, the first of each subgraph on those after it, as in
 * `npm start`, further ones on the ports behind those. The router comes last: it is the first to be drained.
 */
export function layOut(counts: Counts, { host, port }: { host: string; port: number }): Member[] {
  let nextPort = port + 1 + subgraphNames.length;
  const subgraphs = subgraphNames.flatMap((part, index) =>
    Array.from({ length: counts[part] ?? 1 }, (_, n) => {
      const ownPort = n === 0 ? port + 1 + index : nextPort++;
      return { name: `${part}.${n + 1}`, part, url: `http://${host}:${ownPort}`, port: ownPort };
    }),
  );
  const urlsOf = (part: string) =>
    subgraphs
      .filter((each) => each.part === part)
      .map(({ url }) => `${url}/graphql`)
      .join(',');
  const addresses = Object.fromEntries(
    subgraphNames.map((part) => [`${part.toUpperCase()}_URL`, urlsOf(part)]),
  );
  const members: Member[] = subgraphs.map(({ name, part, url, port: ownPort }) => ({
    name,
    part,
    url,
    variables: { PORT: `${ownPort}`, HOST: host, USERS_URL: urlsOf('users') },
  }));
  const router: Member = {
    name: 'router',
    part: 'router',
    url: `http://${host}:${port}`,
    variables: { PORT: `${port}`, HOST: host, ...addresses },
  };
  return [...members, router];
}
