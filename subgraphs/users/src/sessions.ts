import type { Logger } from '@shop/shared/process/log';
import { newRefreshToken, type RefreshToken, readRefreshToken, successorOf } from './refresh-token.ts';
import type { SessionDoc, SessionStore } from './session-store.ts';
import type { User } from './user.ts';
import type { UserStore } from './user-store.ts';

export type RefreshOutcome = { kind: 'refreshed'; user: User; refreshToken: string } | { kind: 'invalid' };

export interface Sessions {
  /** A session of a user whose login began then; gives its first refresh token. */
  start(userId: string, startedAt: Date): Promise<string>;
  /** Exchanges a refresh token for the next. */
  refresh(token: string): Promise<RefreshOutcome>;
  /** Ends the session of this token; does nothing if there is none. */
  end(token: string): Promise<void>;
}

const dayMs = 86_400_000;

export const sessionLimits = {
  /** A session that is not refreshed for so long is over. */
  idleMs: 30 * dayMs,
  /** And any is over then: the password is asked for anew. */
  maxMs: 90 * dayMs,
  /** Long enough for a client to send again what got no answer. */
  graceMs: 10_000,
  maxPerUser: 20,
};

interface SessionsDependencies {
  sessionStore: SessionStore;
  store: Pick<UserStore, 'findSessionUser'>;
  /** As `UsersDependencies.keysSecrets`. */
  secrets: readonly string[];
  clock: () => Date;
  log: Logger;
}

/**
 * Refresh tokens (RFC 6749, section 6) that are new with every use (RFC 9700, section 4.14.2). A token that was used
 * before ends its session, since either its user or a thief holds a copy. But for the last one used, within 10 s: its
 * successor is answered once more, as the answer may have been lost. A thief gains nothing by that: two then hold the
 * successor, and the second to use it ends the session.
 */
export function createSessions(dependencies: SessionsDependencies): Sessions {
  const { sessionStore, store, secrets, clock, log } = dependencies;
  const expiryOf = (startedAt: Date, now: Date) =>
    new Date(Math.min(now.getTime() + sessionLimits.idleMs, startedAt.getTime() + sessionLimits.maxMs));

  async function rotate(session: SessionDoc, token: string): Promise<string | null> {
    const next = successorOf(token, secrets[0] ?? '');
    const now = clock();
    const isReplaced = await sessionStore.replaceSecret(session, {
      secretHash: readRefreshToken(next)?.secretHash ?? '',
      refreshedAt: now,
      expiresAt: expiryOf(session.startedAt, now),
    });
    return isReplaced ? next : null;
  }

  /** The successor that was answered when this token was used a moment ago; null if it was not. */
  function lately(session: SessionDoc, { secretHash }: RefreshToken, token: string): string | null {
    if (secretHash !== session.previousHash) return null;
    if (clock().getTime() - session.refreshedAt.getTime() > sessionLimits.graceMs) return null;
    const successors = secrets.map((secret) => successorOf(token, secret));
    return successors.find((each) => readRefreshToken(each)?.secretHash === session.secretHash) ?? null;
  }

  async function next(session: SessionDoc, read: RefreshToken, token: string): Promise<string | null> {
    if (read.secretHash === session.secretHash) {
      const rotated = await rotate(session, token);
      if (rotated !== null) return rotated;
      const current = await sessionStore.find(session._id);
      return current && lately(current, read, token);
    }
    const successor = lately(session, read, token);
    if (successor !== null) return successor;
    await sessionStore.remove(session._id);
    log.warn({ userId: session.userId }, 'a refresh token was used again: its session is ended');
    return null;
  }

  return {
    async start(userId, startedAt) {
      const token = newRefreshToken();
      const { sessionId: _id, secretHash } = readRefreshToken(token) ?? { sessionId: '', secretHash: '' };
      const now = clock();
      const expiresAt = expiryOf(startedAt, now);
      const session = { _id, userId, secretHash, refreshedAt: now, startedAt, expiresAt };
      await sessionStore.insert(session, sessionLimits.maxPerUser);
      return token;
    },

    async refresh(token) {
      const read = readRefreshToken(token);
      const session = read && (await sessionStore.find(read.sessionId));
      if (!read || !session || session.expiresAt <= clock()) return { kind: 'invalid' };
      const found = await store.findSessionUser(session.userId);
      if (!found || (found.passwordChangedAt && session.startedAt < found.passwordChangedAt)) {
        await sessionStore.remove(session._id);
        return { kind: 'invalid' };
      }
      const refreshToken = await next(session, read, token);
      return refreshToken === null
        ? { kind: 'invalid' }
        : { kind: 'refreshed', user: found.user, refreshToken };
    },

    async end(token) {
      const read = readRefreshToken(token);
      if (read) await sessionStore.remove(read.sessionId);
    },
  };
}
