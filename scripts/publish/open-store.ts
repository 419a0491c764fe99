import { fileURLToPath } from 'node:url';
import { openDirectoryStore } from './directory-store.ts';
import { type HttpStoreOptions, openHttpStore } from './http-store.ts';
import type { Store } from './store.ts';

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
