// npm run compose: composes the subgraphs of supergraph.yaml into contracts/supergraph.graphql and contracts/api.graphql,
// and writes the manifest of contracts/operations. With --check it writes nothing and fails when a file is not up to date.
import { writeFileSync } from 'node:fs';
import { dirname, relative } from 'node:path';
import { compareComposedFiles } from './compose/composed-files.ts';

const root = dirname(import.meta.dirname);
const check = process.argv.slice(2).includes('--check');
const result = compareComposedFiles(root);

if (result.kind === 'invalid') {
  console.error(`The subgraphs do not compose.\n\n${result.message}`);
  process.exitCode = 1;
} else {
  for (const { path, text, isCurrent } of result.files) {
    const file = relative(root, path);
    if (isCurrent) {
      console.log(`${file} is up to date.`);
    } else if (check) {
      console.error(`${file} is not up to date: run \`npm run compose\`, commit it.`);
      process.exitCode = 1;
    } else {
      writeFileSync(path, text);
      console.log(`Wrote ${file}.`);
    }
  }
}
