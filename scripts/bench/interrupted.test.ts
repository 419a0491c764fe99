import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { mongodbUri } from '../../subgraphs/shared/test/real-servers.ts';
import { runServices } from '../faults/servers.ts';

const script = fileURLToPath(new URL('reads.ts', import.meta.url));

test.runIf(mongodbUri)(
  'Ctrl-C leaves no server behind',
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'shop-interrupted-'));
    onTestFinished(async () => {
      for (const left of readdirSync(folder)) await runServices('stop', join(folder, left));
      rmSync(folder, { recursive: true, force: true });
    });
    const bench = spawn(process.execPath, [script, '--real', '--quick'], {
      env: { ...process.env, TMPDIR: folder },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let said = '';
    for await (const text of bench.stderr) {
      said += text;
      if (said.includes('filling a catalogue')) break;
    }
    expect(readdirSync(folder).filter((name) => name.startsWith('shop-bench-servers-'))).toHaveLength(1);
    bench.kill('SIGINT');
    expect(await once(bench, 'exit')).toEqual([130, null]);
    expect(readdirSync(folder).filter((name) => name.startsWith('shop-bench-servers-'))).toEqual([]);
  },
  180_000,
);
