import { type DestinationStream, type Logger, type LoggerOptions, pino } from 'pino';
import { describeError } from './describe-error.ts';

export type { Logger };

// Whatever is logged, these never are: credentials and what identifies a person.
const secretKeys = [
  'password',
  'currentPassword',
  'newPassword',
  'passwordHash',
  'privateKey',
  'access_token',
  'refresh_token',
  'refreshToken',
  'authorization',
  'apiKey',
  'apiSecret',
  'token',
  'secret',
  'email',
];

/**
 * A JSON-lines logger for one part of the shop, on stdout unless told otherwise, with secrets redacted at the top and one
 * level down; of an error it tells what `describeError` does.
 */
export function createLog(part: string, level: string, destination?: DestinationStream): Logger {
  const options: LoggerOptions = {
    name: part,
    level,
    // Neither pid nor host; null would leave out the name as well.
    base: {},
    serializers: { err: (error: unknown) => describeError(error) },
    redact: {
      paths: [...secretKeys, ...secretKeys.map((key) => `*.${key}`), '*["x-api-key"]', '["x-api-key"]'],
      censor: '[redacted]',
    },
  };
  return destination ? pino(options, destination) : pino(options);
}

/** For tests: says nothing. */
export const silentLog: Logger = pino({ level: 'silent' });
