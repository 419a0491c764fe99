/** `npm run dlq -- list | show | replay | discard`: what to do about records that no consumer could decode. */
import { readConfigOrExit } from '@shop/shared/process/config';
import { readCommand } from './dlq/command.ts';
import { describeLog, dlqConfig, openLog } from './dlq/open-log.ts';
import { runCommand } from './dlq/run-command.ts';

const command = readCommand(process.argv.slice(2));
if (command.kind === 'misuse') {
  console.error(command.text);
  process.exit(2);
}
const config = readConfigOrExit(dlqConfig, process.env);
// A reader that has seen enough (`| head`) does not end the work in its middle.
process.stdout.on('error', () => undefined);

const fail = (error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
};

try {
  const events = await openLog(config, (error) => {
    fail(error);
    process.exit();
  });
  try {
    process.exitCode = await runCommand(command, events, { print: console.log, complain: console.error });
  } catch (error) {
    fail(error);
    console.error(`This was asked of ${describeLog(config)}.`);
  } finally {
    await events.close();
  }
} catch (error) {
  fail(error);
}
