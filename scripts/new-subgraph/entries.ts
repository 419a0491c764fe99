import { isMap, isNode, isScalar, parseDocument } from 'yaml';
import type { Names } from './names.ts';

/**
 * The files that name every subgraph, each with what makes its text of before the text with the new one. They are edited
 * as text, so that comments and layout stay; where, a parser says. Each throws when it does not find its place.
 */
export const entries: Readonly<Record<string, (text: string, names: Names) => string>> = {
  'supergraph.yaml': inSupergraph,
  'compose.yaml': inCompose,
  Dockerfile: inDockerfile,
  'package.json': inPackage,
};

function inSupergraph(text: string, { name, port }: Names): string {
  return insertAfter(
    text,
    ['subgraphs', lastKey(text, ['subgraphs'])],
    [
      `  ${name}:`,
      `    routing_url: http://127.0.0.1:${port}/graphql`,
      '    schema:',
      `      file: subgraphs/${name}/schema.graphql`,
    ],
  );
}

/** As the last of the parts, which the router waits for and knows by its address. */
function inCompose(text: string, { name, port }: Names): string {
  const dependsOn = ['services', 'router', 'depends_on'];
  const last = lastKey(text, dependsOn);
  const withService = insertAfter(
    text,
    ['services', last],
    [
      '',
      `  ${name}:`,
      '    <<: *part',
      `    command: [node, scripts/start.ts, ${name}]`,
      '    environment:',
      '      <<: *subgraph-environment',
      `      PORT: "${port}"`,
      '      USERS_URL: http://users:4001',
      '    networks: [graph, servers]',
      '    depends_on:',
      '      mongo: { condition: service_healthy }',
    ],
  );
  const awaited = insertAfter(
    withService,
    [...dependsOn, last],
    [`      ${name}: { condition: service_healthy }`],
  );
  return insertAfter(
    awaited,
    ['services', 'router', 'environment', `${last.toUpperCase()}_URL`],
    [`      ${name.toUpperCase()}_URL: http://${name}:${port}/graphql`],
  );
}

function inDockerfile(text: string, { name }: Names): string {
  const [last] = text.match(/^COPY subgraphs\/\w+\/package\.json .*$/gm)?.slice(-1) ?? [];
  if (last === undefined) throw new Error('Dockerfile copies the package.json of no subgraph');
  return text.replace(last, `${last}\nCOPY subgraphs/${name}/package.json subgraphs/${name}/`);
}

function inPackage(text: string, { name }: Names): string {
  const manifest = JSON.parse(text) as { dependencies: Record<string, string> };
  const dependencies = { ...manifest.dependencies, [`@shop/${name}`]: 'workspace:*' };
  const sorted = Object.entries(dependencies).sort(([a], [b]) => (a < b ? -1 : 1));
  return `${JSON.stringify({ ...manifest, dependencies: Object.fromEntries(sorted) }, null, 2)}\n`;
}

function lastKey(text: string, path: readonly string[]): string {
  const node = parseDocument(text).getIn(path);
  const last = isMap(node) ? node.items.at(-1)?.key : undefined;
  if (!isScalar(last)) throw new Error(`${path.join('.')} is missing or empty`);
  return String(last.value);
}

/** Puts lines behind what is at the path, before the blank lines and comments that follow it. */
function insertAfter(text: string, path: readonly string[], lines: readonly string[]): string {
  const node = parseDocument(text).getIn(path, true);
  const endsAt = isNode(node) ? node.range?.[1] : undefined;
  if (endsAt === undefined) throw new Error(`${path.join('.')} is missing`);
  const before = text.slice(0, endsAt).replace(/(\s*\n\s*(#.*)?)+$/, '');
  const rest = text.slice(before.length);
  const toEndOfLine = rest.slice(0, rest.indexOf('\n'));
  return [before + toEndOfLine, ...lines].join('\n') + rest.slice(toEndOfLine.length);
}
