import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Job, Step, Workflow } from './read-workflows.ts';

/** What stands in for GitHub while a step's script runs here. */
export interface StandIns {
  /** An empty folder: the files that GitHub gives a step, and those that it is told to write. */
  readonly folder: string;
  /** Where it runs. */
  readonly cwd: string;
  /** Values of the step's variables; those that are expressions must be among them. */
  readonly env?: Readonly<Record<string, string>>;
  /** Programs that cannot do their work here, as bash scripts. What each is called with is kept. */
  readonly programs?: Readonly<Record<string, string>>;
}

export interface StepRun {
  readonly exitCode: number | null;
  /** What it printed, errors included. */
  readonly output: string;
  /** What it left in $GITHUB_OUTPUT. */
  readonly results: string;
  readonly summary: string;
  /** A line for each call of one of the programs: its name and its arguments. */
  readonly calls: readonly string[];
}

const withinMs = 120_000;

/** What GitHub gives every step; a name that a step must not lean on is left out. */
const given = {
  CI: 'true',
  GITHUB_ACTIONS: 'true',
  GITHUB_ACTOR: 'somebody',
  GITHUB_REF: 'refs/heads/main',
  GITHUB_REF_NAME: 'main',
  GITHUB_REF_TYPE: 'branch',
  GITHUB_REPOSITORY: 'The-Owner/The-Shop',
  GITHUB_SHA: '0123456789abcdef0123456789abcdef01234567',
};

/**
 * Runs the script of a step with the bash that GitHub runs it with, ended after two minutes with whatever it started.
 *
 * @throws Error naming a variable that is an expression and has no value
 */
export async function runStep(
  { workflow, job, step }: { workflow: Workflow; job: Job; step: Step },
  standIns: StandIns,
): Promise<StepRun> {
  const { folder, cwd } = standIns;
  const at = (name: string) => join(folder, name);
  const files = { GITHUB_OUTPUT: at('output'), GITHUB_STEP_SUMMARY: at('summary') };
  for (const file of [...Object.values(files), at('calls')]) writeFileSync(file, '');
  writeFileSync(at('script'), step.run ?? '');
  const env = {
    ...process.env,
    ...given,
    ...files,
    RUNNER_TEMP: folder,
    // The Node of the tests before the machine's, which may be too old.
    PATH: [writePrograms(folder, standIns.programs ?? {}), dirname(process.execPath), process.env.PATH].join(
      ':',
    ),
    ...valuesOf({ ...workflow.env, ...job.env, ...step.env }, standIns.env ?? {}),
  };
  const ended = await runBash(at('script'), cwd, env);
  const read = (path: string) => readFileSync(path, 'utf8');
  const calls = read(at('calls')).split('\n').slice(0, -1);
  return { ...ended, results: read(files.GITHUB_OUTPUT), summary: read(files.GITHUB_STEP_SUMMARY), calls };
}

function valuesOf(declared: Readonly<Record<string, string>>, values: Readonly<Record<string, string>>) {
  const env = { ...declared, ...values };
  const open = Object.keys(env).find((name) => env[name]?.includes('${' + '{'));
  if (open) throw new Error(`${open} is an expression and has no value here`);
  return env;
}

/** A folder with these programs, each of which tells what it is called with. */
function writePrograms(folder: string, programs: Readonly<Record<string, string>>): string {
  const bin = join(folder, 'bin');
  rmSync(bin, { recursive: true, force: true });
  mkdirSync(bin);
  for (const [name, body] of Object.entries(programs)) {
    writeFileSync(join(bin, name), `#!/usr/bin/env bash\necho "${name} $*" >> '${folder}/calls'\n${body}\n`);
    chmodSync(join(bin, name), 0o755);
  }
  return bin;
}

function runBash(
  script: string,
  cwd: string,
  env: NodeJS.ProcessEnv,
): Promise<{ exitCode: number | null; output: string }> {
  return new Promise((resolve, reject) => {
    // As `shell: bash` of a workflow.
    const args = ['--noprofile', '--norc', '-eo', 'pipefail', script];
    const child = spawn('bash', args, { cwd, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    // The group, since what a script starts outlives it otherwise.
    const limit = setTimeout(() => process.kill(-child.pid!, 'SIGKILL'), withinMs);
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text;
      });
    child.once('error', reject);
    child.once('close', (exitCode) => {
      clearTimeout(limit);
      resolve({ exitCode, output });
    });
  });
}
