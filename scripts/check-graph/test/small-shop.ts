import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { compareComposedFiles } from '../../compose/composed-files.ts';
import { runCheckGraph } from '../run-check-graph.ts';

const modules = join(import.meta.dirname, '../../../node_modules');

export const schema = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.11", import: ["@key", "@tag"])

"A thing on sale."
type Product @key(fields: "id") {
  "Identifies it."
  id: ID!
  "What it is called."
  name: String
  "In minor units."
  price: Int
}

"What can be read."
type Query {
  "Everything on sale."
  products: [Product]
}
`;

export const withoutPrice = schema.replace(/ {2}"In minor units."\n {2}price: Int\n/, '');

/** A small shop in a folder of its own, with a git repository when one is begun. */
export interface SmallShop extends Disposable {
  readonly root: string;
  /** The environment that the check sees. */
  readonly env: Record<string, string>;
  write(file: string, text: string): void;
  /** Writes the files that are composed. */
  compose(): void;
  git(...args: string[]): string;
  /** Commits everything, the first time on a new branch main. */
  commit(): void;
  check(...args: string[]): Promise<{ code: number; output: string; errors: string }>;
}

export function openSmallShop(env: Record<string, string> = {}): SmallShop {
  const root = mkdtempSync(join(tmpdir(), 'small-shop-'));
  const write = (file: string, text: string) => {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), text);
  };
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=Test', '-c', 'user.email=test@shop.example', ...args], {
      cwd: root,
      encoding: 'utf8',
      stdio: 'pipe',
    });
  const compose = () => {
    const composed = compareComposedFiles(root);
    if (composed.kind === 'invalid') throw new Error(composed.message);
    for (const { path, text } of composed.files) writeFileSync(path, text);
  };
  symlinkSync(modules, join(root, 'node_modules'));
  write('.gitignore', 'node_modules\n');
  write(
    'supergraph.yaml',
    `federation_version: =2.14.4
subgraphs:
  products:
    routing_url: http://127.0.0.1:4002/graphql
    schema:
      file: subgraphs/products/schema.graphql
`,
  );
  write('subgraphs/products/schema.graphql', schema);
  write('subgraphs/products/package.json', '{ "maintainers": [{ "name": "Products team" }] }');
  write('contracts/operations/shop.graphql', 'query Prices { products { price } }\n');
  compose();
  return {
    root,
    env,
    write,
    compose,
    git,
    commit() {
      git('init', '-q', '-b', 'main');
      git('add', '-A');
      git('commit', '-q', '-m', 'a change');
    },
    async check(...args) {
      const output: string[] = [];
      const errors: string[] = [];
      const code = await runCheckGraph(root, {
        args,
        env,
        print: (text) => output.push(text),
        printError: (text) => errors.push(text),
        today: new Date('2026-06-01T12:00:00.000Z'),
      });
      return { code, output: output.join('\n'), errors: errors.join('\n') };
    },
    [Symbol.dispose]: () => rmSync(root, { recursive: true, force: true }),
  };
}

/** A shop whose plans are accepted and all of which is committed on main. */
export async function openCommittedShop(env: Record<string, string> = {}): Promise<SmallShop> {
  const shop = openSmallShop();
  await shop.check('--accept-plans');
  shop.commit();
  Object.assign(shop.env, env);
  return shop;
}
