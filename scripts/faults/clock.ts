import { execFileSync } from 'node:child_process';
import { globSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const architectures: Record<string, string> = { x64: 'x86_64', arm64: 'aarch64' };
const services = fileURLToPath(new URL('../../.ci/services', import.meta.url));

/**
 * The variables that shift what a process takes for the time of day by so many seconds. Its timers, which run on
 * the monotonic clock, are left alone. Installs Debian's libfaketime when it is missing.
 */
export function clockShiftedBy(seconds: number): Record<string, string> {
  let library = findLibrary();
  if (library === undefined) {
    execFileSync(services, ['provision', 'faketime'], { stdio: 'inherit' });
    library = findLibrary();
  }
  if (library === undefined) throw new Error('libfaketime is missing: install the package faketime');
  return {
    LD_PRELOAD: library,
    FAKETIME: `${seconds < 0 ? '' : '+'}${seconds}s`,
    FAKETIME_DONT_FAKE_MONOTONIC: '1',
    // Times of files are not told by this process's clock.
    NO_FAKE_STAT: '1',
  };
}

/** The variant for programs with threads, where Debian has it. */
function findLibrary(): string | undefined {
  const architecture = architectures[process.arch] ?? process.arch;
  return globSync(`/usr/lib/${architecture}-linux-gnu/faketime/libfaketimeMT.so.1`)[0];
}
