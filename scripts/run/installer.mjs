import { spawn } from 'node:child_process';
import { killGroup } from './child.mjs';

export const PNPM = 'pnpm@12.21.0';
const PROGRESS_EVERY_MS = 5_000;
const KEPT_LINES = 200;
const SHOWN_LINES = 15;

/**
 * One `pnpm install --frozen-lockfile`, with pnpm itself fetched by npm. Its output is kept back, but for a line of
 * progress every few seconds, and shown when it fails.
 *
 * @returns `{ kind: 'done' }`, `{ kind: 'interrupted' }` or `{ kind: 'failed', message, worthRetrying }`
 */
export function runInstaller(root, { production, limitMs }) {
  const [command, ...npm] = npmCommand();
  const flags = ['--frozen-lockfile', '--reporter=append-only', '--config.confirmModulesPurge=false'];
  if (production) flags.push('--prod');
  const args = [...npm, 'exec', '--yes', `--package=${PNPM}`, '--', 'pnpm', 'install', ...flags];
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: root, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    const lines = collectLines(child);
    const progress = showProgress(lines);
    let stopped;
    const stop = (why) => {
      stopped = why;
      killGroup(child.pid);
    };
    const interrupt = () => stop('interrupted');
    const limit = setTimeout(() => stop('too long'), limitMs);
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, interrupt);
    const finish = (result) => {
      clearTimeout(limit);
      clearInterval(progress);
      for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.off(signal, interrupt);
      resolve(result);
    };
    child.once('error', (error) => finish(failure([error.message])));
    child.once('close', (code) => {
      if (stopped === 'interrupted') return finish({ kind: 'interrupted' });
      if (stopped === 'too long') lines.push(`It took longer than ${limitMs / 1_000} s and was ended.`);
      finish(code === 0 && stopped === undefined ? { kind: 'done' } : failure(lines));
    });
  });
}

/** The npm that runs us, else the one on the PATH. */
export function npmCommand() {
  const cli = process.env.npm_execpath;
  return cli?.endsWith('npm-cli.js') ? [process.execPath, cli] : ['npm'];
}

function collectLines(child) {
  const lines = [];
  for (const stream of [child.stdout, child.stderr]) {
    let rest = '';
    stream.setEncoding('utf8').on('data', (text) => {
      const parts = (rest + text).split('\n');
      rest = parts.pop() ?? '';
      lines.push(...parts);
      lines.splice(0, lines.length - KEPT_LINES);
    });
  }
  return lines;
}

function showProgress(lines) {
  let shown;
  return setInterval(() => {
    const latest = lines.findLast((line) => line.startsWith('Progress:'));
    const text = latest?.match(/downloaded \d+, added \d+/)?.[0] ?? 'fetching the package manager';
    if (text !== shown) console.error(`  … ${text}`);
    shown = text;
  }, PROGRESS_EVERY_MS);
}

/** What the user reads when the install fails: the installer's last words, and what to try. */
function failure(lines) {
  const output = lines.join('\n');
  const { advice, worthRetrying } = hints.find(({ when }) => when.test(output)) ?? lastHint;
  const words = lines
    .filter((line) => line.trim() !== '' && !line.startsWith('Progress:'))
    .slice(-SHOWN_LINES);
  const message = [
    'Installing the packages failed:',
    ...words.map((line) => `  ${line}`),
    `What to try: ${advice}`,
  ];
  return { kind: 'failed', message: message.join('\n'), worthRetrying };
}

const hints = [
  {
    when: /OUTDATED_LOCKFILE|FROZEN_LOCKFILE/,
    advice: `a package.json and pnpm-lock.yaml disagree. Run \`npm exec --yes --package=${PNPM} -- pnpm install\`.`,
    worthRetrying: false,
  },
  { when: /ENOSPC/, advice: 'the disk is full; the packages need about 600 MB.', worthRetrying: false },
  {
    when: /EACCES|EPERM|EROFS/,
    advice: 'a folder cannot be written, see above. npm_config_cache and XDG_DATA_HOME may name others.',
    worthRetrying: false,
  },
  {
    when: /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|FETCH|network|socket/i,
    advice:
      'the package registry did not answer. Check the network, the proxy settings, and `npm config get registry`.',
    worthRetrying: true,
  },
];
const lastHint = {
  advice: 'run the command again; if it fails in the same way, remove node_modules and run it once more.',
  worthRetrying: true,
};
