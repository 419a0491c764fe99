import { expect, test } from 'vitest';
import { runScript } from '../../test/run-script.ts';

/** What a process logs at `level` when it runs these lines with `log`. */
async function logged(level: string, lines: string): Promise<Record<string, unknown>[]> {
  const script = `import { createLog } from './log.ts'; const log = createLog('users', '${level}'); ${lines}`;
  const { ended, output } = runScript(script, import.meta.url);
  expect(await ended).toBe(0);
  return output()
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

test('secrets are redacted at the top and one level down, and the rest is kept', async () => {
  const secrets = {
    password: 'hush-1',
    access_token: 'hush-2',
    authorization: 'hush-3',
    apiKey: 'hush-4',
    apiSecret: 'hush-5',
    token: 'hush-6',
    secret: 'hush-7',
    email: 'hush-8',
    'x-api-key': 'hush-9',
  };
  const entry = { ...secrets, input: secrets, headers: { ...secrets, accept: 'all' } };
  const lines = await logged('info', `log.info(${JSON.stringify(entry)}, 'asked');`);
  expect(JSON.stringify(lines)).not.toContain('hush');
  expect(lines).toMatchObject([
    {
      name: 'users',
      msg: 'asked',
      password: '[redacted]',
      input: { token: '[redacted]' },
      headers: { 'x-api-key': '[redacted]', accept: 'all' },
    },
  ]);
});

test('what is below the level is not said', async () => {
  const lines = await logged('warn', `log.info('small'); log.warn('great');`);
  expect(lines.map(({ msg }) => msg)).toEqual(['great']);
});
