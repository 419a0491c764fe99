import {
  type GraphQLArgument,
  type GraphQLDirective,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  type GraphQLType,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
} from 'graphql';

/**
 * Collects what somebody uses of a schema, as coordinates: `Type`, `Type.field`, `Type.field(argument:)`,
 * `Input.field`, `Enum.VALUE`, `@directive`, `@directive(argument:)`; besides, `@directive on LOCATION`, `... on Type`
 * for a condition of a fragment, and `query`, `mutation` or `subscription`.
 */
export class SchemaUses {
  readonly coordinates = new Set<string>();
  readonly #schema: GraphQLSchema;
  /** Input types that are used with all of their fields: they may refer to each other. */
  readonly #whole = new Set<string>();

  constructor(schema: GraphQLSchema) {
    this.#schema = schema;
  }

  addRoot(operation: string): void {
    this.coordinates.add(operation);
  }

  addCondition(type: string): void {
    this.coordinates.add(type).add(`... on ${type}`);
  }

  /** A field that is asked for: of an interface, it is asked for of all that implement it. */
  addField(parent: GraphQLNamedType, { name, type }: GraphQLField<unknown, unknown>): void {
    const named = getNamedType(type);
    for (const owner of this.#implementationsOf(parent)) {
      this.coordinates.add(owner).add(`${owner}.${name}`);
    }
    this.coordinates.add(named.name);
    // Any of its values may come back.
    if (isEnumType(named)) this.#addValues(named);
  }

  addArgument(parent: GraphQLNamedType, field: { name: string }, { name, type }: GraphQLArgument): void {
    for (const owner of this.#implementationsOf(parent)) {
      this.coordinates.add(`${owner}.${field.name}(${name}:)`);
    }
    this.coordinates.add(getNamedType(type).name);
  }

  addInputField(input: GraphQLNamedType, name: string): void {
    if (!isInputObjectType(input)) return;
    this.coordinates.add(input.name).add(`${input.name}.${name}`);
    const field = input.getFields()[name];
    if (field) this.coordinates.add(getNamedType(field.type).name);
  }

  addEnumValue({ name }: GraphQLNamedType, value: string): void {
    this.coordinates.add(name).add(`${name}.${value}`);
  }

  addDirective(name: string, location: string): void {
    this.coordinates.add(`@${name}`).add(`@${name} on ${location}`);
  }

  addDirectiveArgument(directive: GraphQLDirective, { name, type }: GraphQLArgument): void {
    this.coordinates.add(`@${directive.name}(${name}:)`).add(getNamedType(type).name);
  }

  /** Everything that a value of this type can hold: so it is with a variable, whose value nobody knows. */
  addWholeInput(type: GraphQLType | undefined): void {
    const named = type && getNamedType(type);
    if (!named) return;
    if (isEnumType(named)) this.#addValues(named);
    this.coordinates.add(named.name);
    if (!isInputObjectType(named) || this.#whole.has(named.name)) return;
    this.#whole.add(named.name);
    for (const field of Object.values(named.getFields())) {
      this.coordinates.add(`${named.name}.${field.name}`);
      this.addWholeInput(field.type);
    }
  }

  #addValues(type: GraphQLNamedType & { getValues(): readonly { name: string }[] }): void {
    for (const { name } of type.getValues()) this.addEnumValue(type, name);
  }

  #implementationsOf(type: GraphQLNamedType): string[] {
    if (!isInterfaceType(type)) return [type.name];
    const { objects, interfaces } = this.#schema.getImplementations(type);
    return [type, ...objects, ...interfaces].map(({ name }) => name);
  }
}
