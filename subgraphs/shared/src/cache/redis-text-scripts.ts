import type { CommandParser } from 'redis';
import { defineScript } from 'redis';

/**
 * Texts lie in two hashes, by their keys: the newer generation and the older one. When the newer one is full it becomes
 * the older, and what was in that one is forgotten; a text that is found in the older one moves to the newer. So what is
 * in use stays, and no more than two generations are ever there. Each write lets its generation live for the ttl anew.
 */
const keepInNewer = `
  local function keep(newer, older, key, text, perGeneration, ttlMs)
    if redis.call('HEXISTS', newer, key) == 0 and redis.call('HLEN', newer) >= perGeneration then
      redis.call('UNLINK', older)
      redis.call('RENAME', newer, older)
    end
    redis.call('HSET', newer, key, text)
    redis.call('PEXPIRE', newer, ttlMs)
  end`;

export interface Generations {
  readonly newer: string;
  readonly older: string;
  readonly perGeneration: number;
  readonly ttlMs: number;
}

function push(parser: CommandParser, { newer, older, perGeneration, ttlMs }: Generations): void {
  parser.pushKey(newer);
  parser.pushKey(older);
  parser.push(String(perGeneration), String(ttlMs));
}

/** Answers the text of a key, or null. */
export const findTextScript = defineScript({
  NUMBER_OF_KEYS: 2,
  SCRIPT: `${keepInNewer}
    local key = ARGV[3]
    local text = redis.call('HGET', KEYS[1], key)
    if text then return text end
    text = redis.call('HGET', KEYS[2], key)
    if text then keep(KEYS[1], KEYS[2], key, text, tonumber(ARGV[1]), ARGV[2]) end
    return text`,
  parseCommand(parser: CommandParser, generations: Generations, key: string) {
    push(parser, generations);
    parser.push(key);
  },
  transformReply: (reply: unknown) => (typeof reply === 'string' ? reply : null),
});

/** Stores the text under the key. */
export const keepTextScript = defineScript({
  NUMBER_OF_KEYS: 2,
  SCRIPT: `${keepInNewer}
    keep(KEYS[1], KEYS[2], ARGV[3], ARGV[4], tonumber(ARGV[1]), ARGV[2])
    return 1`,
  parseCommand(parser: CommandParser, generations: Generations, key: string, text: string) {
    push(parser, generations);
    parser.push(key, text);
  },
  transformReply: (reply: unknown) => reply === 1,
});
