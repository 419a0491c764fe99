import { fileURLToPath } from 'node:url';
import { openDirectoryStore } from './directory-store.ts';
import { type HttpStoreOptions, openHttpStore } from './http-store.ts';

/**
 * Where supergraphs are kept: texts by key, each replaced by compare-and-set. A key is a relative path of letters, digits
 * and `-._/`. Every function rejects with UnavailableError when the store does not answer.
 */
export interface Store {
  /** For messages: without anything secret. */
  readonly address: string;
  /** The text that was written last, and a version that no other text of this key has; null when there is none. */
  read(key: string): Promise<StoredText | null>;
  /**
   * Replaces the text if the version is still this one; null stands for a text that is not there yet. Afterwards the key
   * has the old text or the new one, whatever crashes; once it is `written` it survives a loss of power. Rejected, it may
   * have been written all the same.
   */
  write(key: string, text: string, expectedVersion: string | null): Promise<'written' | 'conflict'>;
}

export interface StoredText {
  readonly text: string;
  readonly version: string;
}

/**
 * Opens the store at a path, a file: URL, or the http(s): URL below which it takes GET and conditional PUT.
 *
 * @throws Error when the address is none of these
 */
export function openStore(address: string, options: HttpStoreOptions = {}): Store {
  if (/^https?:/i.test(address)) return openHttpStore(address, options);
  if (/^file:/i.test(address)) return openDirectoryStore(fileURLToPath(address));
  const scheme = /^([a-z][a-z0-9+.-]+):\/\//i.exec(address)?.[1];
  if (scheme) throw new Error(`A store is a directory, or an http(s) URL: ${scheme} is neither.`);
  if (address.trim() === '') throw new Error('The address of the store is empty.');
  return openDirectoryStore(address);
}
