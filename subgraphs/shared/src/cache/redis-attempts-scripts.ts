import type { CommandParser } from 'redis';
import { defineScript } from 'redis';
import type { Budget } from './attempts.ts';

/**
 * A key holds the number of attempts and expires with its window. Each script is one step: of two processes that take
 * the last attempt at once, one is refused.
 */

/** Counts one attempt under every key and answers -1, or counts none and answers how many milliseconds to wait. */
export const takeAttemptsScript = defineScript({
  SCRIPT: `
    local wait = -1
    for i, key in ipairs(KEYS) do
      if tonumber(redis.call('GET', key) or '0') >= tonumber(ARGV[2 * i - 1]) then
        wait = math.max(wait, redis.call('PTTL', key), 0)
      end
    end
    if wait >= 0 then return wait end
    for i, key in ipairs(KEYS) do
      if redis.call('INCR', key) == 1 then redis.call('PEXPIRE', key, ARGV[2 * i]) end
    end
    return -1`,
  parseCommand(parser: CommandParser, budgets: readonly Budget[]) {
    parser.push(String(budgets.length));
    for (const { key } of budgets) parser.pushKey(key);
    for (const { limit, windowMs } of budgets) parser.push(String(limit), String(windowMs));
  },
  transformReply: (reply: unknown) => Number(reply),
});

/** Takes one attempt off every key that has one; with the last its window is over. */
export const giveBackAttemptsScript = defineScript({
  SCRIPT: `
    for _, key in ipairs(KEYS) do
      local attempts = tonumber(redis.call('GET', key) or '0')
      if attempts == 1 then redis.call('UNLINK', key) end
      if attempts > 1 then redis.call('DECR', key) end
    end
    return 1`,
  parseCommand(parser: CommandParser, keys: readonly string[]) {
    parser.push(String(keys.length));
    for (const key of keys) parser.pushKey(key);
  },
  transformReply: (reply: unknown) => reply === 1,
});
