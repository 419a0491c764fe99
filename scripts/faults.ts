/** `npm run faults`: clients place orders on real servers while processes, servers and wires fail; then all must be well. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CampaignOptions, readOptions, seedsFor } from './faults/options.ts';
import { runScenario } from './faults/run-scenario.ts';
import { scenarios } from './faults/scenarios/all.ts';
import { startServers } from './faults/servers.ts';
import type { Scenario } from './faults/stage.ts';
import { describe, nothingCame, type Run, toTable } from './faults/table.ts';

const options = readOptions(process.argv.slice(2), scenarios);
if ('exitCode' in options) {
  console.log(options.text);
  process.exit(options.exitCode);
}

const logs = mkdtempSync(join(tmpdir(), 'shop-faults-'));
const startedMs = Date.now();
const say = (text: string) => console.log(`[${Math.round((Date.now() - startedMs) / 1_000)} s] ${text}`);
say(`the processes' output is kept in ${logs}`);
let servers = await startServers();
const runs: Run[] = [];
// A campaign that is interrupted leaves no server behind; the cluster's processes end with this one.
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => servers.stop().finally(() => process.exit(1)));
}
try {
  for (const scenario of options.scenarios) {
    say(`${scenario.name}: ${scenario.about}`);
    await play(scenario, options);
  }
} finally {
  await servers.stop();
}
console.log(`\n${toTable(runs)}`);
process.exitCode = runs.some(({ violations }) => violations.length > 0) ? 1 : 0;

/** A scenario that cannot go on is a violation; the next one finds servers that nothing has befallen. */
async function play(scenario: Scenario, { orders, without, ...chosen }: CampaignOptions): Promise<void> {
  const onRun = (run: Run) => {
    runs.push(run);
    say(`${run.scenario} seed ${run.seed}: ${describe(run)}`);
  };
  const logFile = join(logs, `${scenario.name}.log`);
  const seeds = seedsFor(scenario, chosen);
  try {
    await runScenario(scenario, servers, { seeds, orders, logFile, say, onRun, ...(without && { without }) });
  } catch (error) {
    const violations = [`the scenario cannot go on: ${error instanceof Error ? error.stack : error}`];
    onRun({ ...nothingCame, scenario: scenario.name, seed: chosen.seed, violations });
    await servers.stop();
    servers = await startServers();
  }
}
