/** A product has at most this many words that can be searched for. */
const maxTerms = 32;

/**
 * The words of a text as searching compares them: without accents or case, each once. Compatibility forms are
 * unfolded first (NFKD), so that `ﬁg` and `fig`, `Crème` and `creme` are the same word.
 */
export function wordsOf(text: string): string[] {
  const plain = foldCase(text.normalize('NFKD')).replaceAll(/\p{M}/gu, '');
  return [...new Set(plain.split(/[^\p{L}\p{N}]+/u).filter(Boolean))];
}

// Down first, for `ẞ` has no other upper case; by way of upper case `ß` becomes `ss`. A sigma is lowered by its
// place in the word, which would keep a beginning of a word from being found: one form is enough.
function foldCase(text: string): string {
  return text.toLowerCase().toUpperCase().toLowerCase().replaceAll('ς', 'σ');
}

/** What is stored with a product so that its name can be searched. */
export function termsOf(name: string): string[] {
  return wordsOf(name).slice(0, maxTerms);
}

/** Matches the terms that begin with the word. A word of wordsOf is letters and digits only: nothing needs escaping. */
export function prefixOf(word: string): RegExp {
  return new RegExp(`^${word}`);
}
