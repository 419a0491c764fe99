// npm run compose:rover: lets Apollo's rover compose supergraph.yaml and compares that with contracts/supergraph.graphql.
// Where rover cannot compose (no plugin, no network, its licence not accepted) it says so, and @apollo/composition of the
// same version does. --require-rover makes that a failure, and lets rover download its plugin, as on a CI with a network.
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { askRover } from './compose/ask-rover.ts';
import { compareSupergraphs } from './compose/compare-supergraphs.ts';

const root = dirname(import.meta.dirname);
const committed = 'contracts/supergraph.graphql';
/** The plugin that is installed composes in seconds; a download takes as long as rover allows it. */
const withinSeconds = { installed: 60, download: 300 };
const maxLines = 200;

// Without a handler a signal would end this process and not the rover that it has started.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
const options = readOptions();
const answer = await askRover({
  root,
  withinMs: options.withinSeconds * 1_000,
  mayDownload: options.requireRover,
  environment: process.env,
});

if (answer.kind === 'composed') report(answer.supergraphSdl);
else if (answer.kind === 'invalid')
  fail(`Rover says that the subgraphs do not compose.\n\n${answer.message}`);
else if (options.requireRover) fail(answer.message);
else await composeWithoutRover(answer.message);

function report(supergraphSdl: string): void {
  const compared = compareSupergraphs(readFileSync(join(root, committed), 'utf8'), supergraphSdl);
  if (compared.kind === 'equal') {
    console.log(`Rover composes what ${committed} says.`);
    return;
  }
  const lines = compared.lines.slice(0, maxLines);
  if (compared.lines.length > maxLines) lines.push(`(and ${compared.lines.length - maxLines} more lines)`);
  fail(`Rover composes something else (+) than ${committed} says (-):\n\n${lines.join('\n')}`);
}

async function composeWithoutRover(whyNot: string): Promise<void> {
  console.log(
    `${whyNot}\n\nNot compared with rover: @apollo/composition of the version that supergraph.yaml names composes instead.`,
  );
  const { compareComposedFiles } = await import('./compose/composed-files.ts');
  const result = compareComposedFiles(root);
  const files = result.kind === 'composed' ? result.files : [];
  const isCurrent = files.find(({ path }) => path === join(root, committed))?.isCurrent;
  if (result.kind === 'invalid') fail(`The subgraphs do not compose.\n\n${result.message}`);
  else if (isCurrent) console.log(`${committed} is up to date.`);
  else fail(`${committed} is not up to date: run \`npm run compose\`, commit it.`);
}

function fail(message: string): void {
  console.error(message);
  process.exitCode = 1;
}

function readOptions(): { requireRover: boolean; withinSeconds: number } {
  try {
    const { values } = parseArgs({
      options: { 'require-rover': { type: 'boolean', default: false }, within: { type: 'string' } },
    });
    const requireRover = values['require-rover'];
    const usual = requireRover ? withinSeconds.download : withinSeconds.installed;
    const seconds = values.within === undefined ? usual : Number(values.within);
    if (!(seconds > 0 && seconds <= 3_600)) throw new Error('--within takes seconds, up to 3600');
    return { requireRover, withinSeconds: seconds };
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    console.error('usage: npm run compose:rover -- [--require-rover] [--within SECONDS]');
    process.exit(2);
  }
}
