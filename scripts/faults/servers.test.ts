import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const probe = fileURLToPath(new URL('../../.ci/probe.mjs', import.meta.url));

test('a port for one listener of a server is not one that another was given and has not taken yet', () => {
  const given = Array.from({ length: 5_000 }, (_, n) => `${20_000 + 2 * n}`);
  for (let n = 0; n < 12; n += 1) {
    const port = Number(execFileSync(process.execPath, [probe, 'free-port', ...given], { encoding: 'utf8' }));
    expect(port % 2).toBe(1);
  }
});
