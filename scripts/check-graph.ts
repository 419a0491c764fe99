// npm run check:graph: does the graph that the schemas compose to still serve every client? `--help` says the rest.
import { dirname } from 'node:path';
import { runCheckGraph } from './check-graph/run-check-graph.ts';

process.exitCode = await runCheckGraph(dirname(import.meta.dirname), {
  args: process.argv.slice(2),
  env: process.env,
  print: console.log,
  printError: console.error,
  today: new Date(),
});
