import type { CommandParser } from 'redis';
import { defineScript } from 'redis';

/**
 * A scope is ONE hash. So a generation and its entries live and die together: whatever removes the hash (an
 * invalidation, its expiry, an eviction, FLUSHALL) also makes every token handed out before worthless, and the next
 * reader begins a generation under a name that was never used. The hash lives at most 60 s from its creation; nothing
 * prolongs it. Its fields:
 *
 *   generation   a name that was never used before
 *   entries      how many entries there are
 *   changes      how often parts were invalidated
 *   !<part>      what `changes` was when this part was invalidated last
 *   =<key>       an entry's value
 *   #<key>       the `changes` for which the entry is known to be valid
 *   @<key>       the parts that it shows, a JSON array; absent for the whole scope
 *
 * A look-up compares the parts of an entry only if something has changed since the last that did.
 *
 * Each of them is harmless when it runs late, after its caller gave up: a late look-up begins a generation
 * that nobody holds a token of, a late store is refused unless what it shows still stands, and a late
 * invalidation costs a miss.
 */

export type LookUpReply = { found: true; value: string } | { found: false; token: string };

/** Whether any of the parts (JSON) was invalidated after `seen`; without parts, whether anything was. */
const isChangedSince = `
  local function isChangedSince(scope, parts, seen, changes)
    if seen == changes then return false end
    if not parts then return true end
    local fields = cjson.decode(parts)
    if #fields == 0 then return false end
    for i, part in ipairs(fields) do fields[i] = '!' .. part end
    for _, at in ipairs(redis.call('HMGET', scope, unpack(fields))) do
      if at and tonumber(at) > tonumber(seen) then return true end
    end
    return false
  end`;

/** Answers the entry, or a token of the scope's generation, which it begins if there is none. */
export const lookUpScript = defineScript({
  NUMBER_OF_KEYS: 1,
  SCRIPT: `${isChangedSince}
    local scope, key = KEYS[1], ARGV[1]
    local found = redis.call('HMGET', scope, 'generation', 'changes', '=' .. key, '#' .. key)
    local generation, changes, value, seen = found[1], found[2] or '0', found[3], found[4]
    if value and seen == changes then return {1, value} end
    if value then
      if not isChangedSince(scope, redis.call('HGET', scope, '@' .. key), seen, changes) then
        redis.call('HSET', scope, '#' .. key, changes)
        return {1, value}
      end
      redis.call('HDEL', scope, '=' .. key, '#' .. key, '@' .. key)
      redis.call('HINCRBY', scope, 'entries', -1)
    end
    if not generation then
      generation = ARGV[2]
      redis.call('HSET', scope, 'generation', generation)
      redis.call('PEXPIRE', scope, ARGV[3])
    end
    return {0, generation .. ' ' .. changes}`,
  parseCommand(parser: CommandParser, scopeKey: string, key: string, newGeneration: string, ttlMs: number) {
    parser.pushKey(scopeKey);
    parser.push(key, newGeneration, String(ttlMs));
  },
  transformReply(reply: unknown): LookUpReply {
    const [found, text] = reply as [0 | 1, string];
    return found === 1 ? { found: true, value: text } : { found: false, token: text };
  },
});

export interface Store {
  key: string;
  value: string;
  token: string;
  ttlMs: number;
  parts: readonly string[] | undefined;
  maxEntries: number;
}

/** Stores the entry if what it shows was not invalidated since the token and the scope has room; answers 1 or 0. */
export const storeScript = defineScript({
  NUMBER_OF_KEYS: 1,
  SCRIPT: `${isChangedSince}
    local scope, key = KEYS[1], ARGV[1]
    local generation, seen = string.match(ARGV[2], '^(.*) (%d+)$')
    local found = redis.call('HMGET', scope, 'generation', 'changes', 'entries', '=' .. key)
    local changes, parts = found[2] or '0', ARGV[6]
    if found[1] ~= generation or isChangedSince(scope, parts, seen, changes) then return 0 end
    if not found[4] then
      if tonumber(found[3] or '0') >= tonumber(ARGV[5]) then return 0 end
      redis.call('HINCRBY', scope, 'entries', 1)
    end
    redis.call('HSET', scope, '=' .. key, ARGV[3], '#' .. key, changes)
    if parts then redis.call('HSET', scope, '@' .. key, parts) else redis.call('HDEL', scope, '@' .. key) end
    if redis.call('PTTL', scope) > tonumber(ARGV[4]) then redis.call('PEXPIRE', scope, ARGV[4]) end
    return 1`,
  parseCommand(parser: CommandParser, scopeKey: string, entry: Store) {
    const { key, value, token, ttlMs, parts, maxEntries } = entry;
    parser.pushKey(scopeKey);
    parser.push(key, token, value, String(ttlMs), String(maxEntries));
    if (parts) parser.push(JSON.stringify(parts));
  },
  transformReply: (reply: unknown) => reply === 1,
});

/** Notes that these parts changed, or drops a scope in which too many have. A scope that is not there stays so. */
export const changePartsScript = defineScript({
  NUMBER_OF_KEYS: 1,
  SCRIPT: `
    local scope = KEYS[1]
    if redis.call('HEXISTS', scope, 'generation') == 0 then return 0 end
    local changes = redis.call('HINCRBY', scope, 'changes', 1)
    for i = 2, #ARGV do redis.call('HSET', scope, '!' .. ARGV[i], changes) end
    if redis.call('HLEN', scope) > tonumber(ARGV[1]) then redis.call('UNLINK', scope) end
    return 1`,
  parseCommand(parser: CommandParser, scopeKey: string, parts: readonly string[], maxFields: number) {
    parser.pushKey(scopeKey);
    parser.push(String(maxFields), ...parts);
  },
  transformReply: (reply: unknown) => reply === 1,
});
