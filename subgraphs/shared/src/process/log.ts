import { type Logger, pino } from 'pino';

export type { Logger };

// Whatever is logged, these never are: credentials and what identifies a person.
const secretKeys = [
  'password',
  'currentPassword',
  'newPassword',
  'passwordHash',
  'privateKey',
  'access_token',
  'authorization',
  'apiKey',
  'apiSecret',
  'token',
  'secret',
  'email',
];

/** A JSON-lines logger on stdout for one part of the shop, with secrets redacted at the top and one level down. */
export function createLog(part: string, level: string): Logger {
  return pino({
    name: part,
    level,
    // Neither pid nor host; null would leave out the name as well.
    base: {},
    redact: {
      paths: [...secretKeys, ...secretKeys.map((key) => `*.${key}`), '*["x-api-key"]', '["x-api-key"]'],
      censor: '[redacted]',
    },
  });
}

/** For tests: says nothing. */
export const silentLog: Logger = pino({ level: 'silent' });
