import { keysMaxAgeMs } from '@shop/shared/identity/published-keys';

/** The times of a signing key, as they are stored: every process acts by them and its clock alone. */
export interface KeyTimes {
  _id: string;
  signsFrom: Date;
  /** From then on the keys that signed before this one prove nothing. */
  retiresEarlierAt: Date;
}

/** How long the steps of a rotation take. */
export interface KeyTimings {
  /** How often a process looks for keys that others have stored. */
  pollMs: number;
  /** From its publication until a new key signs: as long as the last verifier needs to hear of it. */
  publishForMs: number;
  /** From its successor's first signature until a key retires: as long as its last token lives. */
  keepForMs: number;
}

/** No access token lives longer: what an hour was when tokens lived longest, and the most that can be configured. */
export const maxTokenLifeMs = 3_600_000;

const pollMs = 30_000;
// Clocks are kept within a second of each other; a minute is generous.
const clockSkewMs = 60_000;

export const keyTimings: KeyTimings = {
  pollMs,
  publishForMs: keysMaxAgeMs + 2 * pollMs + clockSkewMs,
  keepForMs: maxTokenLifeMs + 2 * pollMs + clockSkewMs,
};

/** In the order in which they sign. */
export function inOrder<Key extends KeyTimes>(keys: readonly Key[]): Key[] {
  return keys.toSorted((a, b) => a.signsFrom.getTime() - b.signsFrom.getTime() || (a._id < b._id ? -1 : 1));
}

/** The key that signs now: the last whose time has come. Before any has, the first: a clock may be behind. */
export function signerAt<Key extends KeyTimes>(keys: readonly Key[], nowMs: number): Key | undefined {
  const ordered = inOrder(keys);
  return ordered.findLast(({ signsFrom }) => signsFrom.getTime() <= nowMs) ?? ordered[0];
}

/** When this key proves nothing any more; null while no later key is there. */
export function retiresAtMs(key: KeyTimes, keys: readonly KeyTimes[]): number | null {
  const ordered = inOrder(keys);
  const later = ordered.slice(ordered.findIndex(({ _id }) => _id === key._id) + 1);
  return later.length === 0
    ? null
    : Math.min(...later.map(({ retiresEarlierAt }) => retiresEarlierAt.getTime()));
}

/** The keys that tokens are verified with now: those that sign, will sign, or signed a token that still lives. */
export function trustedAt<Key extends KeyTimes>(keys: readonly Key[], nowMs: number): Key[] {
  return inOrder(keys).filter((key) => nowMs < (retiresAtMs(key, keys) ?? Number.POSITIVE_INFINITY));
}
