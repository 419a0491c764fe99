import { data, Evaluator, Lexer, Parser } from '@actions/expressions';
import type { FunctionDefinition } from '@actions/expressions/funcs/info';

/** What an expression may name: `github`, `vars` and so on, as plain data. */
export type Contexts = Readonly<Record<string, unknown>>;

/** How the jobs went that a job needs, as `success()` and its like see it. */
export interface Outlook {
  readonly success: boolean;
  readonly failure: boolean;
  readonly cancelled: boolean;
}

/**
 * What GitHub makes of an expression, without its `${{ }}`; a name that is not there is null, as it is there.
 *
 * @throws Error when it is no expression, or names a context that is not given
 */
export function evaluate(expression: string, contexts: Contexts, outlook: Outlook): unknown {
  const functions = Object.entries({ ...outlook, always: true }).map(([name, value]) => status(name, value));
  const { tokens } = new Lexer(expression).lex();
  const parsed = new Parser(tokens, Object.keys(contexts), functions).parse();
  const context = JSON.parse(JSON.stringify(contexts), data.reviver) as data.Dictionary;
  const known = new Map(functions.map((each) => [each.name, each]));
  return JSON.parse(JSON.stringify(new Evaluator(parsed, context, known).evaluate(), data.replacer));
}

/** A text with expressions in it. */
export function fill(text: string, contexts: Contexts): string {
  const outlook = { success: true, failure: false, cancelled: false };
  return text.replace(/\$\{\{(.*?)\}\}/gs, (_, inner: string) =>
    String(evaluate(inner.trim(), contexts, outlook)),
  );
}

function status(name: string, value: boolean): FunctionDefinition {
  return { name, minArgs: 0, maxArgs: 0, call: () => new data.BooleanData(value) };
}
