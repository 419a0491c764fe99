import type { Documents } from '@shop/shared/documents/port';

/** What began with one login and goes on from one refresh token to the next: a family of tokens. */
export interface SessionDoc {
  /** As `RefreshToken.sessionId`. */
  _id: string;
  userId: string;
  /** Of the one token that is good now. */
  secretHash: string;
  /** Of the one before it; absent before the first refresh. */
  previousHash?: string;
  refreshedAt: Date;
  /** When the login began, before the password was looked at: a change of the password ends what is older. */
  startedAt: Date;
  expiresAt: Date;
}

export type SessionStore = ReturnType<typeof createSessionStore>;

/** The collection `sessions`; nothing else touches it. */
export function createSessionStore(documents: Documents) {
  const sessions = documents.collection<SessionDoc>('sessions');
  return {
    async prepare(): Promise<void> {
      await sessions.createIndexes([
        { key: { userId: 1, startedAt: -1 } },
        { key: { expiresAt: 1 }, expireAfterSeconds: 0 },
      ]);
    },

    /** Stores a session; of more than `maxPerUser` of one user those that started first are ended. */
    async insert(session: SessionDoc, maxPerUser: number): Promise<void> {
      await sessions.insertOne(session);
      const { userId } = session;
      const options = {
        sort: { startedAt: -1 as const },
        limit: maxPerUser + 1,
        projection: { startedAt: 1 as const },
      };
      const latest = await sessions.find({ userId }, options).toArray();
      const tooMany = latest[maxPerUser];
      if (tooMany)
        await sessions.deleteMany({
          userId,
          startedAt: { $lte: tooMany.startedAt },
          _id: { $ne: session._id },
        });
    },

    find(_id: string): Promise<SessionDoc | null> {
      return sessions.findOne({ _id });
    },

    /** Of several uses of one token at once only one succeeds. */
    async replaceSecret(
      { _id, secretHash }: Pick<SessionDoc, '_id' | 'secretHash'>,
      next: { secretHash: string; refreshedAt: Date; expiresAt: Date },
    ): Promise<boolean> {
      const result = await sessions.updateOne(
        { _id, secretHash },
        { $set: { ...next, previousHash: secretHash } },
      );
      return result.matchedCount === 1;
    },

    async remove(_id: string): Promise<void> {
      await sessions.deleteOne({ _id });
    },
  };
}
