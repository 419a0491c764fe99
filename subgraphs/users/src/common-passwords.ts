import { readFileSync } from 'node:fs';

/**
 * What becomes of a new password that attackers try first. `allow` is the default because operations of older clients
 * run word for word, and one of them registers with `password`; a shop without such clients sets `refuse`.
 */
export type CommonPasswords = 'allow' | 'refuse';

const listed: ReadonlySet<string> = new Set(
  readFileSync(new URL('./common-passwords.txt', import.meta.url), 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#')),
);

/** Whether the list has the password; upper and lower case do not count, since attackers vary them first. */
export function isCommonPassword(password: string): boolean {
  return listed.has(password.normalize('NFC').toLowerCase());
}
