// Makes pnpm-lock.yaml agree with the manifests of the workspace. It installs nothing: the next command of package.json does.
import { spawnSync } from 'node:child_process';
import { npmCommand, PNPM } from './installer.mjs';

const [command, ...npm] = npmCommand();

/** A new package of ours needs nothing that is not in the lockfile already, so that the network is asked last. */
function update(...flags) {
  const install = ['pnpm', 'install', '--lockfile-only', '--reporter=append-only', ...flags];
  const args = [...npm, 'exec', '--yes', '--prefer-offline', `--package=${PNPM}`, '--', ...install];
  return spawnSync(command, args, { encoding: 'utf8' });
}

const offline = update('--offline');
const { status, error, stdout, stderr } = offline.status === 0 ? offline : update();
if (status !== 0) console.error(`${stdout}${stderr}${error?.message ?? ''}`);
process.exitCode = status ?? 1;
