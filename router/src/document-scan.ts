import { Lexer, Source, type Token, TokenKind } from 'graphql';
import { type Excess, type OperationLimits, tooDeep, tooMany } from './operation-limits.ts';

type DocumentLimits = Pick<OperationLimits, 'tokens' | 'depth' | 'aliases' | 'directives'>;

/**
 * What a text has too much of to be parsed at all, or null. It reads token by token and no further than the first
 * excess, so a refusal costs less than parsing, and no nesting is too deep for it: graphql-js parses by recursion. A text
 * that is no GraphQL is left to the parser.
 */
export function findExcess(text: string, limits: DocumentLimits): Excess | null {
  const lexer = new Lexer(new Source(text));
  const count = createCount(limits);
  try {
    for (let token = lexer.advance(); token.kind !== TokenKind.EOF; token = lexer.advance()) {
      const excess = count(token);
      if (excess) return excess;
    }
  } catch {
    // The parser stops here too, and says why.
  }
  return null;
}

function createCount(limits: DocumentLimits): (token: Token) => Excess | null {
  let tokens = 0;
  let aliases = 0;
  let directives = 0;
  /** Selection sets that are open. */
  let selections = 0;
  /** Brackets of arguments, and of values and types in them, that are open. */
  let values = 0;

  function open(kind: TokenKind): void {
    if (values > 0 || kind !== TokenKind.BRACE_L) values += 1;
    else selections += 1;
  }
  function shut(): void {
    if (values > 0) values -= 1;
    else if (selections > 0) selections -= 1;
  }

  return ({ kind }) => {
    tokens += 1;
    if (kind === TokenKind.BRACE_L || kind === TokenKind.PAREN_L || kind === TokenKind.BRACKET_L) open(kind);
    else if (kind === TokenKind.BRACE_R || kind === TokenKind.PAREN_R || kind === TokenKind.BRACKET_R) shut();
    else if (kind === TokenKind.AT) directives += 1;
    else if (kind === TokenKind.COLON && values === 0) aliases += 1;
    if (selections > limits.depth || values > limits.depth) return tooDeep(limits.depth);
    if (aliases > limits.aliases) return tooMany('aliases', limits.aliases);
    if (directives > limits.directives) return tooMany('directives', limits.directives);
    return tokens > limits.tokens ? tooMany('tokens', limits.tokens) : null;
  };
}
