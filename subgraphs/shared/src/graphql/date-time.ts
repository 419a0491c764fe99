import { GraphQLError, GraphQLScalarType } from 'graphql';

/** The scalar DateTime: RFC 3339 in UTC, such as 2026-01-31T12:00:00.000Z. Only ever an output. */
export const dateTimeScalar = new GraphQLScalarType<Date, string>({
  name: 'DateTime',
  serialize(value) {
    const date = value instanceof Date ? value : new Date(String(value));
    if (Number.isNaN(date.getTime())) throw new GraphQLError('DateTime cannot represent an invalid date');
    return date.toISOString();
  },
});
