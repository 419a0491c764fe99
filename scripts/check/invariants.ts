import { dirname, join } from 'node:path/posix';
import { type Import, importsOf, withoutComments } from './imports.ts';

/** A file of the repository: its path from the root, with slashes, and its text. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

/** Something that architecture says is absent, as a rule that one file can break. */
export interface Invariant {
  readonly name: string;
  /** What in this file breaks the rule; nothing when it holds. */
  readonly violations: (file: SourceFile) => readonly string[];
}

const STORES_AND_BROKERS = ['mongodb', 'kafkajs', 'redis', 'mingo', 'node:sqlite', 'lru-cache'];
const HARD_LINE_LIMIT = 300;
/** Written by a program, so nobody reads it from end to end. */
const GENERATED = ['contracts/events/types.ts'];

const isTest = (path: string) => /\.test\.ts$|\/test\//.test(path);
const isScript = (path: string) => path.startsWith('scripts/');
const isShared = (path: string) => path.startsWith('subgraphs/shared/');
const packageOf = (module: string) =>
  STORES_AND_BROKERS.find((name) => module === name || module.startsWith(`${name}/`));

/** Which part of the house a path belongs to: contracts, router, scripts, shared, or a subgraph's name. */
function partOf(path: string): string {
  const [first = '', second = ''] = path.split('/');
  return first === 'subgraphs' ? second : first;
}

/** Which part an import leads to, or undefined when it leads out of the repository. */
function targetOf(path: string, { module }: Import): string | undefined {
  if (module.startsWith('@shop/')) return module.split('/')[1];
  return module.startsWith('.') ? partOf(join(dirname(path), module)) : undefined;
}

/** A rule about imports: the modules for which it says yes break it. */
function forbidImports(name: string, breaks: (path: string, found: Import) => boolean): Invariant {
  const violations = ({ path, text }: SourceFile) =>
    importsOf(text)
      .filter((found) => breaks(path, found))
      .map(({ module }) => `imports ${module}`);
  return { name, violations };
}

const isSubgraph = (part: string | undefined) =>
  part !== undefined && !['contracts', 'shared', 'scripts'].includes(part);

export const contractsStandAlone = forbidImports('contracts/ imports nothing of ours', (path, found) => {
  const target = targetOf(path, found);
  return partOf(path) === 'contracts' && target !== undefined && target !== 'contracts';
});

export const onlySharedReachesServers = forbidImports(
  'only subgraphs/shared imports a database, a broker or a cache',
  (path, { module }) => !isShared(path) && packageOf(module) !== undefined,
);

export const subgraphsStandApart = forbidImports(
  'no subgraph, nor the router, imports another part than shared and contracts',
  (path, found) => {
    const target = targetOf(path, found);
    return (
      isSubgraph(partOf(path)) && (isSubgraph(target) || target === 'scripts') && target !== partOf(path)
    );
  },
);

export const sharedKnowsNoSubgraph = forbidImports('shared imports no subgraph', (path, found) => {
  const target = targetOf(path, found);
  return isShared(path) && (isSubgraph(target) || target === 'scripts');
});

export const resolversTouchNoStore = forbidImports(
  'a resolver touches no collection, topic or cache',
  (path, { names, module }) =>
    /\/resolvers(\.ts$|\/)/.test(path) &&
    !isTest(path) &&
    (/\/(documents|events|cache)\/port(\.ts)?$/.test(module) || /collection/i.test(names)),
);

export const storesKnowNoGraphql = forbidImports(
  'a store knows no GraphQL',
  (path, { module }) =>
    /-store\.ts$/.test(path) && /^(graphql|graphql-tag|@apollo\/.*)$|^@shop\/shared\/graphql\//.test(module),
);

export const eventsAreChecked = forbidImports(
  'a subgraph says no event unchecked',
  (path, { names }) =>
    path.startsWith('subgraphs/') && !isShared(path) && !isTest(path) && /\bencodeUnchecked\b/.test(names),
);

export const environmentIsReadAtTheEdge: Invariant = {
  name: 'only main.ts, config.ts, scripts and tests read the environment',
  violations: ({ path, text }) => {
    if (/\/(main|config)\.ts$/.test(path) || isScript(path) || isTest(path)) return [];
    return [
      ...withoutComments(text).matchAll(/\bprocess\s*(?:\.env|\[['"]env)|\benv\b[^;]*from 'node:process'/g),
    ].map(([found]) => found);
  },
};

/** Each with an example that breaks it; written in two halves, so that this file does not. */
export const looseEnds: readonly { readonly pattern: RegExp; readonly example: string }[] = [
  {
    pattern: /\b(?:test|it|describe|suite)(?:\.\w+)*\.(?:skip|only|todo)\b/,
    example: `test${'.skip'}('later', f)`,
  },
  { pattern: /\b(?:TODO|FIXME)\b/, example: `// TO${'DO'}: later` }, // Looked for, not left.
  { pattern: /@ts-(?:ignore|expect-error|nocheck)/, example: `// @ts${'-ignore'}` },
  { pattern: /biome-ignore/, example: `// biome${'-ignore'} lint: no` }, // Looked for as well.
  { pattern: /(?::|\bas|<|\|)\s*any\b(?=\s*[,;)=>[\]|{}]|\s*$)/m, example: `function f(a: ${'any'}) {}` },
];

export const noLooseEnds: Invariant = {
  name: 'no loose ends: skipped tests, notes to self, silenced checks',
  violations: ({ path, text }) =>
    path === 'scripts/check/invariants.ts'
      ? []
      : looseEnds
          .flatMap(({ pattern }) => text.match(pattern)?.[0] ?? [])
          .map((found) => `contains ${found}`),
};

export const filesAreShort: Invariant = {
  name: `no file is longer than ${HARD_LINE_LIMIT} lines`,
  violations: ({ path, text }) => {
    const lines = text.trimEnd().split('\n').length;
    return lines > HARD_LINE_LIMIT && !GENERATED.includes(path) ? [`has ${lines} lines`] : [];
  },
};

/** Every rule that `npm run check` enforces on every TypeScript file. */
export const invariants: readonly Invariant[] = [
  contractsStandAlone,
  onlySharedReachesServers,
  subgraphsStandApart,
  sharedKnowsNoSubgraph,
  resolversTouchNoStore,
  storesKnowNoGraphql,
  eventsAreChecked,
  environmentIsReadAtTheEdge,
  noLooseEnds,
  filesAreShort,
];
