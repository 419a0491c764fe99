import graphql from '@graphql-eslint/eslint-plugin';
import { Linter } from 'eslint';
import type { Finding } from '../finding.ts';
import { type Entities, stubsIn } from './entities.ts';
import type { SubgraphSchema } from './subgraph-schema.ts';

/** What the rules of @graphql-eslint are called here. */
const codes: Readonly<Record<string, string>> = {
  '@graphql-eslint/require-description': 'MISSING_DESCRIPTION',
  '@graphql-eslint/no-hashtag-description': 'HASHTAG_DESCRIPTION',
  '@graphql-eslint/naming-convention': 'NAMING',
  '@graphql-eslint/require-deprecation-reason': 'MISSING_DEPRECATION_REASON',
};

/** `_id` and `access_token` are what the clients of the first API send and read; what stands beside it is named alike. */
const camelCase = { style: 'camelCase', ignorePattern: '^(_id|access_token|refresh_token)$' };

const naming = {
  types: 'PascalCase',
  FieldDefinition: camelCase,
  InputValueDefinition: camelCase,
  DirectiveDefinition: 'camelCase',
  EnumValueDefinition: 'UPPER_CASE',
  // A query says what it answers, not that it is asked for.
  'FieldDefinition[parent.name.value=Query]': { forbiddenPatterns: [/^(get|list|fetch|query)(?=[A-Z]|$)/] },
};

const linter = new Linter();

/**
 * The rules that @graphql-eslint has: descriptions, names, reasons of deprecations. No comment in a schema silences them.
 */
export function lintWithEslint(schemas: readonly SubgraphSchema[], entities: Entities): readonly Finding[] {
  return schemas.flatMap((schema) => {
    const messages = linter.verify(schema.sdl, [configFor(schema, entities)], { filename: 'schema.graphql' });
    return messages.flatMap(({ ruleId, message, line, column }): Finding[] => {
      const code = ruleId === null ? undefined : codes[ruleId];
      if (code === undefined) return [];
      const locations = [`${schema.file}:${line}:${column}`];
      return [{ code, severity: 'error', message: `[${schema.name}] ${message}`, locations }];
    });
  });
}

function configFor(schema: SubgraphSchema, entities: Entities): Linter.Config {
  const ignoredSelectors = describedElsewhere(schema, entities);
  const descriptions = {
    types: true,
    FieldDefinition: true,
    InputValueDefinition: true,
    EnumValueDefinition: true,
    DirectiveDefinition: true,
    // The rule takes no empty list.
    ...(ignoredSelectors.length > 0 && { ignoredSelectors }),
  };
  return {
    files: ['**/*.graphql'],
    languageOptions: {
      // Its types come from another version of ESLint's.
      parser: graphql.parser as unknown as Linter.Parser,
      parserOptions: { graphQLConfig: {} },
    },
    linterOptions: { noInlineConfig: true },
    plugins: {
      '@graphql-eslint': { rules: graphql.rules } as unknown as NonNullable<Linter.Config['plugins']>[string],
    },
    rules: {
      '@graphql-eslint/require-description': ['error', descriptions],
      '@graphql-eslint/no-hashtag-description': 'error',
      '@graphql-eslint/naming-convention': ['error', naming],
      '@graphql-eslint/require-deprecation-reason': 'error',
    },
  };
}

/** Selectors of what the owner of an entity describes: the type, and the fields that others only repeat. */
function describedElsewhere(schema: SubgraphSchema, entities: Entities): string[] {
  return stubsIn(schema, entities).flatMap(([{ name }, { repeated }]) => {
    const type = `[kind=/^(Object|Interface)Type/][name.value="${name}"]`;
    return [type, ...[...repeated].map((field) => `${type} > FieldDefinition[name.value="${field}"]`)];
  });
}
