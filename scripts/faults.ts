/** `npm run faults`: clients place orders on real servers while processes, servers and wires fail; then all must be well. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readOptions, seedsFor } from './faults/options.ts';
import { runScenario } from './faults/run-scenario.ts';
import { scenarios } from './faults/scenarios/all.ts';
import { startServers } from './faults/servers.ts';
import { type Run, toTable } from './faults/table.ts';

const options = readOptions(process.argv.slice(2), scenarios);
if ('exitCode' in options) {
  console.log(options.text);
  process.exit(options.exitCode);
}

const logs = mkdtempSync(join(tmpdir(), 'shop-faults-'));
const startedMs = Date.now();
const say = (text: string) => console.log(`[${Math.round((Date.now() - startedMs) / 1_000)} s] ${text}`);
say(`the processes' output is kept in ${logs}`);
const servers = await startServers();
const runs: Run[] = [];
// A campaign that is interrupted leaves no server behind; the cluster's processes end with this one.
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => servers.stop().finally(() => process.exit(1)));
}
try {
  for (const scenario of options.scenarios) {
    say(`${scenario.name}: ${scenario.about}`);
    const { orders, without } = options;
    const logFile = join(logs, `${scenario.name}.log`);
    const more = { seeds: seedsFor(scenario, options), orders, logFile, say, ...(without && { without }) };
    runs.push(...(await runScenario(scenario, servers, more)));
  }
} finally {
  await servers.stop();
}
console.log(`\n${toTable(runs)}`);
process.exitCode = runs.some(({ violations }) => violations.length > 0) ? 1 : 0;
