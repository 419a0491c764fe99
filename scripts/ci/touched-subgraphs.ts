// node scripts/ci/touched-subgraphs.ts [BASE]: prints what a workflow's matrix takes: the subgraphs whose suites a change
// since BASE (by default since HEAD left main) touches, and those whose schema it changes. It needs no package.
import { dirname } from 'node:path';
import { readChange } from './read-change.ts';
import { touchedBy } from './touched.ts';

const change = readChange(dirname(dirname(import.meta.dirname)), process.argv[2] || undefined);
if (change.kind === 'unknown')
  console.error(`All suites count as touched and no schema as changed: ${change.reason}.`);
const { suites, schemas } = touchedBy(change);
console.log(`suites=${JSON.stringify(suites)}\nschemas=${JSON.stringify(schemas)}`);
