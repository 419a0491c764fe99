import type { IncomingMessage } from 'node:http';

export const maxBodyBytes = 1024 * 1024;

/** What one place is for: so the bodies of all requests together stay bounded, not only their number. */
const bytesPerPlace = 64 * 1024;

/** How many places a request takes; one that does not say how long its body is may have the longest. */
export function placesFor({ headers, method }: IncomingMessage): number {
  const bytes = Number(headers['content-length'] ?? (method === 'POST' ? maxBodyBytes : 0));
  return Math.max(1, Math.ceil(Math.min(bytes, maxBodyBytes) / bytesPerPlace));
}
