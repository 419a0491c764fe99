// Part of npm run check: what is made of contracts/events is up to date, and every version of an event that may still lie
// somewhere is understood. Compares with where HEAD and main parted, or with --base REVISION.
import { dirname } from 'node:path';
import { checkEvents } from './check-events/command.ts';

const { exitCode, lines } = await checkEvents(dirname(import.meta.dirname), {
  args: process.argv.slice(2),
  today: new Date(),
  pullRequestFor: process.env.GITHUB_BASE_REF || undefined,
});
for (const line of lines) (exitCode === 2 ? console.error : console.log)(line);
process.exitCode = exitCode;
