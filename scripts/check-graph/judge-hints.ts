import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';
import type { CompositionHint } from '../compose/compose-supergraph.ts';
import type { Finding } from './finding.ts';
import type { AcceptedHint } from './graph-input.ts';

const acceptedHints = z.array(
  z.strictObject({
    code: z.string().min(1),
    contains: z.string().min(1),
    reason: z.string().trim().min(1),
  }),
);

/**
 * Makes an error of every hint of the composition, under the hint's own code, but for those that are accepted. An
 * acceptance that gives no reason accepts nothing; one that no hint needs any longer is UNUSED_ACCEPTANCE, so that it
 * cannot hide a later hint.
 */
export function judgeHints(
  hints: readonly CompositionHint[],
  accepted: readonly AcceptedHint[],
): readonly Finding[] {
  const accepts = (each: AcceptedHint, hint: CompositionHint) =>
    each.code === hint.code && hint.message.includes(each.contains) && each.reason.trim() !== '';
  const refused = hints.filter((hint) => !accepted.some((each) => accepts(each, hint)));
  const unused = accepted.filter((each) => !hints.some((hint) => accepts(each, hint)));
  return [
    ...refused.map(
      ({ code, message, locations }): Finding => ({
        code,
        severity: 'error',
        message,
        locations,
      }),
    ),
    ...unused.map(
      ({ code, contains }): Finding => ({
        code: 'UNUSED_ACCEPTANCE',
        severity: 'error',
        message: `No hint ${code} that contains "${contains}" is left to accept, or the acceptance gives no reason.`,
        locations: [],
      }),
    ),
  ];
}

/**
 * Reads a list of accepted hints, such as contracts/accepted-hints.yaml.
 *
 * @throws Error naming the file and what is wrong in it; each entry needs a reason
 */
export function readAcceptedHints(path: string): readonly AcceptedHint[] {
  const parsed = acceptedHints.safeParse(parse(readFileSync(path, 'utf8')));
  if (!parsed.success) throw new Error(`${path}: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
}
