import { z } from 'zod';
import { type CommonPasswords, isCommonPassword } from './common-passwords.ts';

/** 3 to 32 characters of A-Z, a-z, 0-9, underscore, dot and hyphen. */
export const username = z
  .string()
  .regex(/^[A-Za-z0-9_.-]{3,32}$/, 'must be 3 to 32 characters of A-Z, a-z, 0-9, "_", "." and "-"');

/**
 * What the hash function is given. One password typed on two keyboards can come as different code points: NFC makes
 * them one (RFC 8265, section 4.2).
 */
export function passwordBytes(text: string): Buffer {
  return Buffer.from(text.normalize('NFC'), 'utf8');
}

/**
 * Bytes of UTF-8, not characters: they are what the hash function is given, and what bounds its work. Half a
 * surrogate pair has no bytes: every such half would be the same letter.
 */
export const password = z
  .string()
  .refine((text) => text.isWellFormed(), { error: 'must be well-formed Unicode', abort: true })
  .refine((text) => {
    const { length } = passwordBytes(text);
    return length >= 8 && length <= 128;
  }, 'must be 8 to 128 bytes long (a letter outside ASCII counts 2 to 4)');

/** What is set as a password from now on; a password in use has no rule but to be right. */
export function newPassword(commonPasswords: CommonPasswords) {
  if (commonPasswords === 'allow') return password;
  const message = 'is among the passwords that are tried first: choose another';
  return password.refine((text) => !isCommonPassword(text), message);
}

/** The form of a username that is unique and looked up; null if no user can have this name. */
export function usernameKeyOf(name: string): string | null {
  return username.safeParse(name).success ? name.toLowerCase() : null;
}
