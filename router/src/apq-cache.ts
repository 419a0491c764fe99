import type { ApolloServerOptions, BaseContext } from '@apollo/server';
import { isSha256, type TextCache } from '@shop/shared/cache/text-cache';

type PersistedQueries = Exclude<ApolloServerOptions<BaseContext>['persistedQueries'], false | undefined>;
type ApolloCache = NonNullable<PersistedQueries['cache']>;

/** A registration is kept for a day at least: a client that comes back tomorrow brings its documents again. */
const ttlMs = 24 * 60 * 60 * 1_000;

/**
 * Bounds what registrations take in a process, and on Redis, to 33 million characters at worst. A shop's clients have some
 * hundreds of documents of a few thousand characters; a longer one runs, and is sent whole each time.
 */
export const apqLimits = { ttlMs, maxTexts: 1_000, maxLength: 32_768 };

/** Apollo Server's automatic persisted queries over a cache of texts. Never rejects: Apollo Server would answer 500. */
export function createApqCache(texts: TextCache): ApolloCache {
  return {
    async get(key) {
      const hash = hashOf(key);
      return (isSha256(hash) && (await texts.find(hash))) || undefined;
    },
    async set(_, text) {
      // Apollo Server has compared the text with its hash.
      await texts.keep(text);
    },
    // Apollo Server never calls it, and a text decides its own key: there is nothing wrong to delete.
    async delete() {
      return false;
    },
  };
}

/** Apollo Server puts `apq:` before the hash that the client sent, whatever that is. */
function hashOf(key: string): string {
  return key.slice(key.indexOf(':') + 1);
}
