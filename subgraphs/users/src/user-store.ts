import { type Documents, DuplicateKeyError } from '@shop/shared/documents/port';
import type { User, UserDoc } from './user.ts';

// Names what may leave the store, so that a field added later stays inside until it is listed here.
const publicFields = { username: 1, displayName: 1, email: 1, createdAt: 1 } as const;

/** A change of a profile: a value sets the field, null takes it away, undefined leaves it. */
export interface ProfileChange {
  displayName?: string | null | undefined;
  email?: string | null | undefined;
}

export type UserStore = ReturnType<typeof createUserStore>;

/** The collection `users`; nothing else touches it. */
export function createUserStore(documents: Documents) {
  const users = documents.collection<UserDoc>('users');
  return {
    async prepare(): Promise<void> {
      await users.createIndexes([{ key: { usernameKey: 1 }, unique: true }]);
    },

    async isTaken(usernameKey: string): Promise<boolean> {
      return (await users.findOne({ usernameKey }, { projection: { _id: 1 } })) !== null;
    },

    /** The unique index decides between two that register one name at once. */
    async insert(user: UserDoc): Promise<'inserted' | 'taken'> {
      try {
        await users.insertOne(user);
        return 'inserted';
      } catch (error) {
        if (error instanceof DuplicateKeyError) return 'taken';
        throw error;
      }
    },

    /** Those of at most `ids.length` users that exist, in any order. */
    findByIds(ids: readonly string[]): Promise<User[]> {
      const options = { projection: publicFields, limit: ids.length };
      return users.find({ _id: { $in: [...ids] } }, options).toArray();
    },

    /** One page in the order of _id, which is the order of registration. */
    page(after: string | null, first: number): Promise<User[]> {
      const filter = after === null ? {} : { _id: { $gt: after } };
      return users.find(filter, { sort: { _id: 1 }, projection: publicFields, limit: first }).toArray();
    },

    /** For checking a password: the only two reads that give its hash away. */
    async findCredentials(usernameKey: string): Promise<{ user: User; passwordHash: string } | null> {
      return splitHash(
        await users.findOne({ usernameKey }, { projection: { ...publicFields, passwordHash: 1 } }),
      );
    },

    async findCredentialsById(_id: string): Promise<{ user: User; passwordHash: string } | null> {
      return splitHash(await users.findOne({ _id }, { projection: { ...publicFields, passwordHash: 1 } }));
    },

    /** The user after the change; null if there is none. */
    updateProfile(_id: string, change: ProfileChange): Promise<User | null> {
      const given = Object.entries(change).filter(([, value]) => value !== undefined);
      if (given.length === 0) return users.findOne({ _id }, { projection: publicFields });
      const $set = Object.fromEntries(given.filter(([, value]) => value !== null));
      const $unset = Object.fromEntries(
        given.filter(([, value]) => value === null).map(([key]) => [key, '' as const]),
      );
      const update = {
        ...(Object.keys($set).length > 0 && { $set }),
        ...(Object.keys($unset).length > 0 && { $unset }),
      };
      return users.findOneAndUpdate({ _id }, update, { returnDocument: 'after', projection: publicFields });
    },

    /** Whose a session is, and whether the password was changed since it started. */
    async findSessionUser(_id: string): Promise<{ user: User; passwordChangedAt: Date | null } | null> {
      const found = await users.findOne({ _id }, { projection: { ...publicFields, passwordChangedAt: 1 } });
      if (found === null) return null;
      const { passwordChangedAt = null, ...user } = found;
      return { user, passwordChangedAt };
    },

    /**
     * Replaces the hash that was verified, and no other: of two changes at once only one succeeds. Another password,
     * unlike another hash of the same, says when it was changed.
     */
    async replacePasswordHash(
      _id: string,
      verified: string,
      next: string,
      passwordChangedAt?: Date,
    ): Promise<boolean> {
      const $set = { passwordHash: next, ...(passwordChangedAt && { passwordChangedAt }) };
      const result = await users.updateOne({ _id, passwordHash: verified }, { $set });
      return result.matchedCount === 1;
    },
  };
}

function splitHash(found: UserDoc | null): { user: User; passwordHash: string } | null {
  if (found === null) return null;
  const { passwordHash, ...user } = found;
  return { user, passwordHash };
}
