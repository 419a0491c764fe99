/** A string (kept) or a comment (dropped), so that a `//` or `/*` inside a string is not taken for a comment. */
const stringOrComment =
  /("(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`)|\/\*[\s\S]*?\*\/|\/\/[^\n]*/g;
const moduleName =
  /\b(?:import|export)\b([^'"`;]*?)\bfrom\s*['"]([^'"]+)['"]|\bimport\s*\(?\s*['"]([^'"]+)['"]|\brequire\s*\(\s*['"]([^'"]+)['"]/g;

/** One import of a file: what is named before `from`, and the module. */
export interface Import {
  readonly names: string;
  readonly module: string;
}

/** The source without its comments. */
export function withoutComments(source: string): string {
  return source.replace(stringOrComment, (_, text: string | undefined) => text ?? ' ');
}

/** Every import of a TypeScript source: static, for its side effects, of types alone, re-exported, dynamic, required. */
export function importsOf(source: string): Import[] {
  return [...withoutComments(source).matchAll(moduleName)].map(([, names, named, plain, required]) => ({
    names: names ?? '',
    module: named ?? plain ?? required ?? '',
  }));
}
