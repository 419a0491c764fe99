// npm test: the checks, then every suite; arguments go to vitest. The last line is `N passed, N failed`.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { runSteps, staticSteps } from './check/steps.ts';
import { summarize, type VitestReport } from './test/summary.ts';

const root = dirname(import.meta.dirname);
const folder = mkdtempSync(join(tmpdir(), 'shop-tests-'));
const reportFile = join(folder, 'report.json');

// The invariants are a suite among the others, so they are not run here as well.
const checks = (await runSteps(root, staticSteps)).map(({ ok }) => ok);
await runVitest();
const report = readReport();
rmSync(folder, { recursive: true, force: true });

const allowSkipped = process.env.TEST_REAL_SERVERS !== 'required';
const { ok, reasons, line } = summarize(checks, report, allowSkipped);
for (const reason of reasons) console.log(reason);
console.log(line);
process.exitCode = ok ? 0 : 1;

function runVitest(): Promise<void> {
  const args = ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${reportFile}`];
  const child = spawn(
    process.execPath,
    [join(root, 'node_modules/vitest/vitest.mjs'), ...args, ...process.argv.slice(2)],
    { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] },
  );
  const stop = () => child.kill('SIGINT');
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  return new Promise((resolve) => {
    child.once('error', (error) => {
      console.error(error.message);
      resolve();
    });
    child.once('close', () => resolve());
  });
}

function readReport(): VitestReport | undefined {
  try {
    return JSON.parse(readFileSync(reportFile, 'utf8')) as VitestReport;
  } catch {
    // It was not written, or not to its end: the summary says so.
    return undefined;
  }
}
