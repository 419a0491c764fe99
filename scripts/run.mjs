#!/usr/bin/env node
// What `npm start`, `npm test` and their like call: installs what is missing, then runs the verb's script on Node 24.
// It needs no package and runs on Node 20, the oldest Node that a newcomer may have.
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runChild } from './run/child.mjs';
import { ensureInstalled } from './run/install.mjs';

const OLDEST_LAUNCHER_MAJOR = 20;
const NEEDED_MAJOR = 24;

/** Each verb's script, and whether it runs with the packages of production alone. */
const verbs = {
  start: { script: 'scripts/start.ts', production: true },
  cluster: { script: 'scripts/cluster.ts', production: true },
  faults: { script: 'scripts/faults.ts' },
  release: { script: 'scripts/release.ts' },
  seed: { script: 'scripts/seed.ts', production: true },
  'keys:rotate': { script: 'scripts/rotate-keys.ts', production: true },
  'keys:router': { script: 'scripts/router-keys.ts', production: true },
  dlq: { script: 'scripts/dlq.ts', production: true },
  test: { script: 'scripts/test.ts' },
  check: { script: 'scripts/check.ts' },
  'check:graph': { script: 'scripts/check-graph.ts' },
  compose: { script: 'scripts/compose.ts' },
  'compose:rover': { script: 'scripts/compose-rover.ts' },
  'publish:subgraph': { script: 'scripts/publish-subgraph.ts' },
  supergraph: { script: 'scripts/supergraph.ts' },
  dev: { script: 'scripts/dev.ts' },
  'new:subgraph': { script: 'scripts/new-subgraph.ts' },
  generate: { script: 'scripts/generate.ts' },
  'bench:orders': { script: 'scripts/bench/orders.ts' },
  'bench:reads': { script: 'scripts/bench/reads.ts' },
  format: { script: 'node_modules/@biomejs/biome/bin/biome', before: ['check', '--write', '.'] },
};

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Runs one verb and gives the exit code. */
async function main([name, ...rest]) {
  const verb = Object.hasOwn(verbs, name ?? '') ? verbs[name] : undefined;
  if (verb === undefined)
    return refuse(`usage: node scripts/run.mjs ${Object.keys(verbs).join('|')} [arguments]`, 2);
  if (majorOf(process.versions.node) < OLDEST_LAUNCHER_MAJOR) {
    return refuse(
      `This is Node ${process.versions.node}; Node ${OLDEST_LAUNCHER_MAJOR} or later is needed to begin.`,
      1,
    );
  }
  const installed = await ensureInstalled(root, { production: verb.production === true });
  if (!installed.ok) return refuse(installed.message, installed.exitCode);
  const node = findNode();
  if (node === undefined) return refuse(noNodeMessage(), 1);
  if (!existsSync(join(root, verb.script))) return refuse(`${verb.script} is missing from this checkout.`, 1);
  // These tell a user of the shop nothing: node:sqlite is new, and kafkajs 2.2.4 sets timers of less than no time.
  const flags = ['ExperimentalWarning', 'TimeoutNegativeWarning'].map((name) => `--disable-warning=${name}`);
  return runChild(node, [...flags, join(root, verb.script), ...(verb.before ?? []), ...rest], root);
}

/** The running Node when it is new enough, else the one that the optional dependencies brought. */
function findNode() {
  if (majorOf(process.versions.node) >= NEEDED_MAJOR) return process.execPath;
  const installed = join(root, 'node_modules/.bin/node');
  return existsSync(installed) ? installed : undefined;
}

function noNodeMessage() {
  return [
    `Node ${NEEDED_MAJOR} is needed. This is ${process.versions.node}, and no Node ${NEEDED_MAJOR} was installed for`,
    `${process.platform} ${process.arch}: packages of it exist for Linux on x64 and arm64.`,
    `Install Node ${NEEDED_MAJOR} (see nodejs.org) and run the command again.`,
  ].join('\n');
}

function majorOf(version) {
  return Number(version.split('.')[0]);
}

function refuse(message, exitCode) {
  console.error(message);
  return exitCode;
}

process.exitCode = await main(process.argv.slice(2));
