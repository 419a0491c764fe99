import type { CommandParser } from 'redis';
import { defineScript } from 'redis';

/**
 * A scope is ONE hash: the field `generation`, and a field `=<key>` for each entry. So a generation and its
 * entries live and die together: whatever removes the hash (an invalidation, its expiry, an eviction,
 * FLUSHALL) also makes every token handed out before worthless, and the next reader begins a generation
 * under a name that was never used. The hash lives at most 60 s from its creation; nothing prolongs it.
 *
 * Each of them is harmless when it runs late, after its caller gave up: a late look-up begins a generation
 * that nobody holds a token of, a late store is refused unless its generation still stands, and a late
 * UNLINK costs a miss.
 */

export type LookUpReply = { found: true; value: string } | { found: false; generation: string };

/** Answers the entry or the scope's generation, which it begins if there is none. */
export const lookUpScript = defineScript({
  NUMBER_OF_KEYS: 1,
  SCRIPT: `
    local found = redis.call('HMGET', KEYS[1], ARGV[1], 'generation')
    if found[1] then return {1, found[1]} end
    if found[2] then return {0, found[2]} end
    redis.call('HSET', KEYS[1], 'generation', ARGV[2])
    redis.call('PEXPIRE', KEYS[1], ARGV[3])
    return {0, ARGV[2]}`,
  parseCommand(parser: CommandParser, scopeKey: string, key: string, newGeneration: string, ttlMs: number) {
    parser.pushKey(scopeKey);
    parser.push(field(key), newGeneration, String(ttlMs));
  },
  transformReply(reply: unknown): LookUpReply {
    const [found, text] = reply as [0 | 1, string];
    return found === 1 ? { found: true, value: text } : { found: false, generation: text };
  },
});

export interface Store {
  key: string;
  value: string;
  token: string;
  ttlMs: number;
  maxEntries: number;
}

/** Stores the entry if the scope is still in the token's generation and has room; answers 1 or 0. */
export const storeScript = defineScript({
  NUMBER_OF_KEYS: 1,
  SCRIPT: `
    if redis.call('HGET', KEYS[1], 'generation') ~= ARGV[2] then return 0 end
    if redis.call('HLEN', KEYS[1]) > tonumber(ARGV[5]) and redis.call('HEXISTS', KEYS[1], ARGV[1]) == 0 then
      return 0
    end
    redis.call('HSET', KEYS[1], ARGV[1], ARGV[3])
    if redis.call('PTTL', KEYS[1]) > tonumber(ARGV[4]) then redis.call('PEXPIRE', KEYS[1], ARGV[4]) end
    return 1`,
  parseCommand(parser: CommandParser, scopeKey: string, { key, value, token, ttlMs, maxEntries }: Store) {
    parser.pushKey(scopeKey);
    parser.push(field(key), token, value, String(ttlMs), String(maxEntries));
  },
  transformReply: (reply: unknown) => reply === 1,
});

/** Apart from the name `generation`, whatever the key is. */
function field(key: string): string {
  return `=${key}`;
}
