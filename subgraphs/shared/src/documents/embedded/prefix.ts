import { type Interval, interval, typeInterval } from './keys.ts';

/** The strings that a pattern anchored with ^ can match: those with its literal prefix. */
export function prefixInterval(regExp: RegExp): Interval {
  const prefix = literalPrefix(regExp.source);
  const after = successor(prefix);
  return after === null ? typeInterval('') : interval(prefix, false, after, true);
}

/** The literal text that every match begins with; '' when the pattern has alternatives or begins otherwise. */
function literalPrefix(source: string): string {
  if (source.includes('|')) return '';
  const characters: string[] = [];
  // One literal: a plain character, an escaped sign, or \xHH as RegExp.escape writes letters.
  const literal = /(?:\\x([0-9a-fA-F]{2})|\\([^a-zA-Z0-9])|([^\\^$.*+?()[\]{}|]))([*?{+])?/uy;
  literal.lastIndex = 1;
  for (let match = literal.exec(source); match; match = literal.exec(source)) {
    // A quantifier may drop the character before it; + repeats it, and what follows is no longer fixed.
    if (match[4] === '+') characters.push(characterOf(match));
    if (match[4]) break;
    characters.push(characterOf(match));
  }
  return characters.join('');
}

function characterOf(match: RegExpExecArray): string {
  return match[1] ? String.fromCharCode(Number.parseInt(match[1], 16)) : (match[2] ?? match[3] ?? '');
}

/** The first string after all those with this prefix; null when there is none. */
function successor(prefix: string): string | null {
  const points = Array.from(prefix, (character) => character.codePointAt(0)!);
  while (points.length > 0) {
    const last = points.pop()!;
    if (last < 0x10ffff) {
      // Surrogates are no characters of their own: UTF-8 goes from U+D7FF to U+E000.
      points.push(last === 0xd7ff ? 0xe000 : last + 1);
      return String.fromCodePoint(...points);
    }
  }
  return null;
}
