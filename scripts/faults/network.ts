// TEMPORARY, by the lead, until the helper for the network writes this file: overwrite it.
import type { Servers } from './servers.ts';
export interface Network {
  variables(part: string): Record<string, string>;
  heal(): Promise<void>;
  stop(): Promise<void>;
}
export async function startNetwork(_: Servers): Promise<Network> {
  throw new Error('not yet');
}
