import { isDeepStrictEqual } from 'node:util';
import type { RetiredVersion } from '@shop/contracts/events/retired.ts';
import { createEventAjv } from '@shop/shared/events/event-ajv';
import { compareEventSchemas, type Incompatibility } from './compare-event-schemas.ts';
import { compareTopics, type TopicChange } from './compare-topics.ts';
import { asyncApiFile, type EventFolder, type EventVersion, versionsIn } from './event-folder.ts';
import { readEventSchema } from './event-schema.ts';
import { isDay, mayGo } from './retirement.ts';

const ajv = createEventAjv();

/** Everything that the verdict depends on. */
export interface ContractsInput {
  files: EventFolder;
  /** As they were at the base; null when there is none to compare with. */
  base: EventFolder | null;
  retired: readonly RetiredVersion[];
  /** For so long a record may lie somewhere after it was written. */
  keptForMs: number;
  today: Date;
}

/** Something that stops a change of the contracts. */
export interface ContractFinding {
  code:
    | Incompatibility['code']
    | TopicChange['code']
    | 'EVENT_VERSION_REMOVED'
    | 'EVENT_VERSION_SKIPPED'
    | 'EVENT_VERSION_REUSED'
    | 'RETIREMENT_INVALID'
    | 'EXAMPLE_MISSING'
    | 'EXAMPLE_INVALID';
  file: string;
  message: string;
}

/** What is wrong with the contracts of the events, by themselves and beside the base. Reads no file, clock or git. */
export function checkEventContracts(input: ContractsInput): ContractFinding[] {
  const now = versionsIn(input.files);
  const base = input.base && versionsIn(input.base);
  return [
    ...[...now].flatMap(([id, version]) => checkVersion(id, version)),
    ...[...(base ?? [])].flatMap(([id, before]) => {
      const after = now.get(id);
      return after ? checkChange(before, after) : checkRemoval(id, before, input);
    }),
    ...checkGaps(now, base, input.retired),
    ...checkRetired(now, base, input),
    ...checkTopics(input),
  ];
}

/** A version by itself. */
function checkVersion(
  id: string,
  { schema, schemaFile, example, exampleFile }: EventVersion,
): ContractFinding[] {
  const read = readEventSchema(schema);
  if (read.kind === 'problems') {
    return read.problems.map(({ code, path, message }) => found(code, schemaFile, `${path}: ${message}`));
  }
  if (read.schema.$id !== id) return [found('ID_CHANGED', schemaFile, `its $id is not ${id}`)];
  if (example === undefined) return [found('EXAMPLE_MISSING', exampleFile, 'no such file, or no JSON in it')];
  return checkExample(example, exampleFile, schema, 'its schema');
}

/** What became of a version. Its schema by itself is looked at elsewhere, and what it has to say is said once. */
function checkChange(before: EventVersion, after: EventVersion): ContractFinding[] {
  if (isDeepStrictEqual(before, after)) return [];
  if (readEventSchema(after.schema).kind === 'problems') return [];
  const found = compareEventSchemas(before.schema, after.schema).map(({ code, path, message }) => ({
    code,
    file: after.schemaFile,
    message: `${path}: ${message}`,
  }));
  if (readEventSchema(before.schema).kind === 'problems') return found;
  const { exampleFile } = after;
  return [
    ...found,
    ...checkExample(before.example, exampleFile, after.schema, 'as it was at the base, the new schema'),
    ...checkExample(after.example, exampleFile, before.schema, 'the schema of the base'),
  ];
}

function checkExample(example: unknown, file: string, schema: unknown, which: string): ContractFinding[] {
  if (example === undefined) return [];
  const validate = ajv.compile(schema as object);
  // Two states of a schema have one name, which ajv would refuse.
  ajv.removeSchema();
  if (validate(example)) return [];
  const why = ajv.errorsText(validate.errors, { dataVar: '$' });
  return [found('EXAMPLE_INVALID', file, `it does not match ${which}: ${why}`)];
}

function checkRemoval(id: string, { schemaFile }: EventVersion, input: ContractsInput): ContractFinding[] {
  const note = input.retired.find(({ schema }) => schema === id);
  const verdict = note ? mayGo(note, input) : 'contracts/events/retired.ts does not name it';
  return verdict === true ? [] : [found('EVENT_VERSION_REMOVED', schemaFile, verdict)];
}

type Versions = ReadonlyMap<string, EventVersion>;

/** Versions below the newest of a type that are neither there nor retired. One that went is told of elsewhere. */
function checkGaps(
  now: Versions,
  base: Versions | null,
  retired: readonly RetiredVersion[],
): ContractFinding[] {
  return [...now.values()].flatMap(({ type, major, schemaFile }) => {
    const previous = `urn:shop:${type}:v${major - 1}`;
    const isKnown =
      now.has(previous) || base?.has(previous) || retired.some(({ schema }) => schema === previous);
    if (major === 1 || isKnown) return [];
    return [found('EVENT_VERSION_SKIPPED', schemaFile, `there is no ${previous} beside it`)];
  });
}

function checkRetired(
  now: Versions,
  base: Versions | null,
  { retired, today }: ContractsInput,
): ContractFinding[] {
  return retired.flatMap(({ schema, lastWrittenOn }) => {
    const version = now.get(schema);
    if (version && base && !base.has(schema)) {
      return [
        found('EVENT_VERSION_REUSED', version.schemaFile, `${schema} was retired: take the next version`),
      ];
    }
    if (isDay(lastWrittenOn, today)) return [];
    const message = `${schema}: lastWrittenOn is no day of the past, such as 2026-01-31`;
    return [found('RETIREMENT_INVALID', 'retired.ts', message)];
  });
}

/** The document of the working tree is generated; whether it is up to date is looked at elsewhere. */
function checkTopics({ files, base }: ContractsInput): ContractFinding[] {
  const before = base?.[asyncApiFile];
  const after = files[asyncApiFile];
  if (before === undefined || after === undefined) return [];
  return compareTopics(before, after).map(({ code, message }) => found(code, asyncApiFile, message));
}

function found(code: ContractFinding['code'], file: string, message: string): ContractFinding {
  return { code, file, message };
}
