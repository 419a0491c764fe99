/** A schema as data, so that it can be edited at random and still be printed as one that is valid. */
export interface SchemaModel {
  directives: Record<string, { locations: string[]; args: Args }>;
  enums: Record<string, string[]>;
  inputs: Record<string, Args>;
  unions: Record<string, string[]>;
  types: Record<string, { kind: 'type' | 'interface'; implements: string[]; fields: Fields }>;
}

/** Types with their defaults, by name. */
type Args = Record<string, string>;
type Fields = Record<string, { type: string; args: Args }>;
type Edit = (model: SchemaModel) => void;

/** Everything that can be taken out of a schema, changed or made harder to give, one by one. */
export function editsOf(model: SchemaModel): Edit[] {
  const { directives, enums, inputs, unions, types } = model;
  return [
    ...Object.keys(directives).flatMap((name): Edit[] => [
      ({ directives }) => delete directives[name],
      ({ directives }) => directives[name]?.locations.pop(),
      ...editsOfArgs(directives[name]?.args, ({ directives }) => directives[name]?.args),
    ]),
    ...Object.keys(enums).flatMap((name): Edit[] => [
      ({ enums }) => delete enums[name],
      ({ enums }) => enums[name]?.pop(),
      ({ enums }) => enums[name]?.shift(),
    ]),
    ...Object.keys(inputs).flatMap((name): Edit[] => [
      ({ inputs }) => delete inputs[name],
      ...editsOfArgs(inputs[name], ({ inputs }) => inputs[name]),
    ]),
    ...Object.keys(unions).flatMap((name): Edit[] => [
      ({ unions }) => delete unions[name],
      ...(unions[name] ?? []).map(
        (_, index): Edit =>
          ({ unions }) =>
            unions[name]?.splice(index, 1),
      ),
    ]),
    ...Object.keys(types).flatMap((name) => editsOfType(model, name)),
  ];
}

function editsOfType({ types }: SchemaModel, name: string): Edit[] {
  const { fields = {}, implements: interfaces = [] } = types[name] ?? {};
  return [
    ({ types }) => delete types[name],
    ...interfaces.map(
      (_, index): Edit =>
        ({ types }) =>
          types[name]?.implements.splice(index, 1),
    ),
    ...Object.keys(fields).flatMap((field): Edit[] => [
      ({ types }) => delete types[name]?.fields[field],
      ({ types }) => {
        for (const { fields } of Object.values(types)) delete fields[field];
      },
      ({ types }) => {
        for (const { fields } of Object.values(types)) if (fields[field]) fields[field].type = 'Boolean';
      },
      ...editsOfArgs(fields[field]?.args, ({ types }) => types[name]?.fields[field]?.args),
    ]),
  ];
}

function editsOfArgs(args: Args = {}, find: (model: SchemaModel) => Args | undefined): Edit[] {
  const change =
    (edit: (args: Args) => void): Edit =>
    (model) =>
      edit(find(model) ?? {});
  return [
    change((found) => {
      found.added = 'Int!';
    }),
    ...Object.keys(args).flatMap((name) => [
      change((found) => delete found[name]),
      change((found) => {
        found[name] = 'Boolean';
      }),
      change((found) => {
        found[name] = (found[name] ?? 'Int').replace(/ = .*/, '');
      }),
      change((found) => {
        found[name] = `${(found[name] ?? 'Int').replace(/!? = .*|!$/, '')}!`;
      }),
    ]),
  ];
}

/** Prints a model, without what refers to something that is not there. */
export function printModel(model: SchemaModel): string {
  const pruned = structuredClone(model);
  // Each round takes something out, so that there are no more rounds than parts.
  for (let before = ''; before !== JSON.stringify(pruned); prune(pruned)) before = JSON.stringify(pruned);
  const args = (given: Args) =>
    Object.keys(given).length === 0
      ? ''
      : `(${Object.entries(given)
          .map(([name, type]) => `${name}: ${type}`)
          .join(', ')})`;
  return [
    ...Object.entries(pruned.directives).map(
      ([name, each]) => `directive @${name}${args(each.args)} on ${each.locations.join(' | ')}`,
    ),
    ...Object.entries(pruned.enums).map(([name, values]) => `enum ${name} { ${values.join(' ')} }`),
    ...Object.entries(pruned.inputs).map(
      ([name, fields]) => `input ${name} { ${args(fields).slice(1, -1)} }`,
    ),
    ...Object.entries(pruned.unions).map(([name, members]) => `union ${name} = ${members.join(' | ')}`),
    ...Object.entries(pruned.types).map(([name, { kind, implements: interfaces, fields }]) => {
      const implementing = interfaces.length > 0 ? ` implements ${interfaces.join(' & ')}` : '';
      const lines = Object.entries(fields).map(([field, each]) => `${field}${args(each.args)}: ${each.type}`);
      return `${kind} ${name}${implementing} { ${lines.join(' ')} }`;
    }),
  ].join('\n');
}

function prune(model: SchemaModel): void {
  const { directives, enums, inputs, unions, types } = model;
  const known = new Set([
    'ID',
    'Int',
    'String',
    'Boolean',
    ...[enums, inputs, unions, types].flatMap(Object.keys),
  ]);
  const isKnown = (type: string) => known.has(/\w+/.exec(type)?.[0] ?? '');
  const keep = <T>(all: Record<string, T>, isKept: (value: T) => boolean) => {
    for (const [name, value] of Object.entries(all)) if (!isKept(value)) delete all[name];
  };
  for (const each of Object.values(directives)) keep(each.args, isKnown);
  keep(directives, ({ locations }) => locations.length > 0);
  for (const fields of Object.values(inputs)) keep(fields, isKnown);
  for (const [name, members] of Object.entries(unions))
    unions[name] = members.filter((member) => member in types);
  for (const each of Object.values(types)) {
    for (const field of Object.values(each.fields)) keep(field.args, isKnown);
    keep(each.fields, ({ type }) => isKnown(type));
    each.implements = each.implements.filter((name) =>
      Object.entries(types[name]?.fields ?? { none: null }).every(
        ([field, wanted]) => JSON.stringify(each.fields[field]) === JSON.stringify(wanted),
      ),
    );
  }
  keep(inputs, (fields) => Object.keys(fields).length > 0);
  keep(types, ({ fields }) => Object.keys(fields).length > 0);
  for (const named of [enums, unions]) keep(named, (members) => members.length > 0);
}
