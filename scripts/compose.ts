// npm run compose: composes the subgraphs of supergraph.yaml into contracts/supergraph.graphql.
// With --check it writes nothing and fails when the committed file is not what the schemas compose to.
import { writeFileSync } from 'node:fs';
import { dirname, relative } from 'node:path';
import { compareSupergraphFile } from './compose/supergraph-file.ts';

const root = dirname(import.meta.dirname);
const check = process.argv.slice(2).includes('--check');
const result = compareSupergraphFile(root);

if (result.kind === 'invalid') {
  console.error(`The subgraphs do not compose.\n\n${result.message}`);
  process.exitCode = 1;
} else if (result.kind === 'current') {
  console.log(`${relative(root, result.path)} is up to date.`);
} else if (check) {
  console.error(
    `${relative(root, result.path)} is not what the schemas compose to: run \`npm run compose\`, commit it.`,
  );
  process.exitCode = 1;
} else {
  writeFileSync(result.path, result.supergraphSdl);
  console.log(`Wrote ${relative(root, result.path)}.`);
}
