import { inOrder, type KeyTimings, trustedAt } from './key-schedule.ts';
import { maxKeys, type SigningKeyStore, type StoredKey } from './signing-key-store.ts';

export type RotateOutcome =
  | { kind: 'scheduled'; next: StoredKey }
  /** A key that was stored before is still to sign: nothing was changed. */
  | { kind: 'alreadyScheduled'; next: StoredKey }
  | { kind: 'tooManyKeys' }
  | { kind: 'noKeys' };

/**
 * Stores the next signing key. All else follows from its times, in every process by its clock: it is published from
 * now on, signs once every verifier has heard of it, and the keys before it retire once their last token has expired.
 * One insert is the whole change, so a crash leaves it done or not done, and of two at once one is done.
 *
 * Rejects with an error for the operator when the store's secret is not that of Users.
 *
 * With `isLeaked` nothing is waited for: the new key signs and the earlier ones retire at once. Whoever is logged in
 * has to refresh, which verifiers ask for within the age of their keys.
 */
export async function rotateKeys(
  store: SigningKeyStore,
  { clock, timings, isLeaked = false }: { clock: () => Date; timings: KeyTimings; isLeaked?: boolean },
): Promise<RotateOutcome> {
  const known = await store.list();
  if (known.length === 0) return { kind: 'noKeys' };
  const now = clock();
  const pending = inOrder(known).findLast(({ signsFrom }) => signsFrom > now);
  if (pending && !isLeaked) return { kind: 'alreadyScheduled', next: pending };
  if (trustedAt(known, now.getTime()).length >= maxKeys || known.length >= maxKeys) {
    return { kind: 'tooManyKeys' };
  }
  await store.assertSecretFits(known);
  const signsFrom = new Date(now.getTime() + (isLeaked ? 0 : timings.publishForMs));
  const retiresEarlierAt = isLeaked ? signsFrom : new Date(signsFrom.getTime() + timings.keepForMs);
  const outcome = await store.insertNext(known, { createdAt: now, signsFrom, retiresEarlierAt });
  const stored = inOrder(await store.list());
  const next = outcome.kind === 'lost' ? stored.at(-1) : stored.find(({ kid }) => kid === outcome.kid);
  if (!next) throw new Error('the signing keys were there and are gone');
  return { kind: outcome.kind === 'lost' ? 'alreadyScheduled' : 'scheduled', next };
}
