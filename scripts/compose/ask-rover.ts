import { spawn } from 'node:child_process';
import { join } from 'node:path';

export interface RoverOptions {
  /** The repository whose supergraph.yaml is composed. */
  readonly root: string;
  /** Rover is given up after this: without a network it waits for its plugin for minutes. */
  readonly withinMs: number;
  /** Whether rover may download the plugin that composes; otherwise it uses one that is installed. */
  readonly mayDownload: boolean;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

export type RoverAnswer =
  | { readonly kind: 'composed'; readonly supergraphSdl: string }
  /** Rover works, and says that the subgraphs do not compose. */
  | { readonly kind: 'invalid'; readonly message: string }
  /** Rover cannot compose here, whatever the subgraphs are like. */
  | { readonly kind: 'missing'; readonly message: string };

/** A supergraph is far smaller; what is more is not kept. */
const maxOutputLength = 20_000_000;

/**
 * Lets `rover supergraph compose` compose supergraph.yaml. The first rover of the PATH is taken, at last the one that is
 * installed here. Its licence is accepted by the environment given or not at all.
 */
export async function askRover(options: RoverOptions): Promise<RoverAnswer> {
  const ended = await runRover(options);
  if (ended.kind === 'not found')
    return missing('There is no rover on the PATH, and none is installed here.');
  if (ended.kind === 'late') {
    const seconds = options.withinMs / 1_000;
    return missing(
      `Rover gave no answer within ${seconds} s: it waits for Apollo's plugin \`supergraph\`, which cannot be had.`,
    );
  }
  if (ended.exitCode === 0) return { kind: 'composed', supergraphSdl: ended.stdout };
  return judge(ended.stderr.trim() || ended.stdout.trim() || `Rover ended with code ${ended.exitCode}.`);
}

function judge(said: string): RoverAnswer {
  const reason = said.split('\nStack backtrace:')[0]?.trim() ?? said;
  if (/ELv2 license/i.test(reason))
    return missing(
      'Rover composes once the Elastic License 2.0 of its plugin is accepted: read it, and if you do, set APOLLO_ELV2_LICENSE=accept in your own environment.',
    );
  // Rover's code for errors of composition.
  if (/\bE029\b|build error/i.test(reason)) return { kind: 'invalid', message: reason };
  return missing(
    `Rover cannot compose here; Apollo's plugin \`supergraph\` may be missing. It said:\n${reason}`,
  );
}

const missing = (message: string): RoverAnswer => ({ kind: 'missing', message });

type Ended =
  | {
      readonly kind: 'ended';
      readonly exitCode: number | null;
      readonly stdout: string;
      readonly stderr: string;
    }
  | { readonly kind: 'late' }
  | { readonly kind: 'not found' };

function runRover({ root, withinMs, mayDownload, environment }: RoverOptions): Promise<Ended> {
  const args = ['supergraph', 'compose', '--config', 'supergraph.yaml', '--skip-update-check'];
  if (!mayDownload) args.push('--skip-update');
  const PATH = `${environment.PATH ?? ''}:${join(root, 'node_modules/.bin')}`;
  const child = spawn('rover', args, {
    cwd: root,
    env: { APOLLO_TELEMETRY_DISABLED: '1', ...environment, PATH },
    // Without a terminal it does not ask whether the licence is accepted.
    stdio: ['ignore', 'pipe', 'pipe'],
    // A group of its own, since the rover of npm is a script that starts the program.
    detached: true,
  });
  const output = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      if (output[name].length < maxOutputLength) output[name] += text;
    });
  }
  const kill = () => killGroup(child.pid);
  process.once('exit', kill);
  return new Promise<Ended>((resolve) => {
    const late = setTimeout(() => {
      kill();
      resolve({ kind: 'late' });
    }, withinMs);
    child.once('error', () => {
      clearTimeout(late);
      resolve({ kind: 'not found' });
    });
    child.once('close', (exitCode) => {
      clearTimeout(late);
      resolve({ kind: 'ended', exitCode, ...output });
    });
  }).finally(() => process.off('exit', kill));
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended meanwhile.
  }
}
