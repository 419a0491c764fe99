/** What a new subgraph is called, and where it listens when it runs alone. */
export interface Names {
  /** Of its folder, its database, its package and its entry in supergraph.yaml: `reviews`. */
  readonly name: string;
  /** `Review`. */
  readonly entity: string;
  readonly port: number;
}

/** The plural of an English noun in lower case, as far as rules go. */
export function pluralOf(noun: string): string {
  if (/[^aeiou]y$/.test(noun)) return `${noun.slice(0, -1)}ies`;
  return /(s|x|z|ch|sh)$/.test(noun) ? `${noun}es` : `${noun}s`;
}

/** The noun that has this plural; undefined when it is none by the rules. */
export function singularOf(plural: string): string | undefined {
  const candidates = [plural.replace(/ies$/, 'y'), plural.replace(/es$/, ''), plural.replace(/s$/, '')];
  return candidates.find((noun) => noun !== '' && pluralOf(noun) === plural);
}

/** The template's text, or one of its paths, with its names replaced by these. */
export function fillIn(text: string, { name, entity, port }: Names): string {
  const one = entity.toLowerCase();
  const many = pluralOf(one);
  const words: Record<string, string> = {
    template: name,
    Template: capitalised(name),
    sample: one,
    Sample: entity,
    samples: many,
    Samples: capitalised(many),
    // Where the template's tests find the helpers of shared; a subgraph stands nearer to them.
    '../../../../subgraphs/shared/': '../../shared/',
    4999: `${port}`,
  };
  return text.replace(
    /[Tt]emplate|[Ss]amples?|(?:\.\.\/){4}subgraphs\/shared\/|4999/g,
    (found) => words[found] ?? found,
  );
}

function capitalised(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
