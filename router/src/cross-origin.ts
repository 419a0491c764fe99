import type { IncomingMessage, ServerResponse } from 'node:http';
import cors from 'cors';
import { z } from 'zod';

const origin = z
  .string()
  .refine((text) => text === '*' || (!text.includes('*') && URL.parse(text)?.origin === text), {
    error: 'must be origins such as https://shop.example, separated by commas, or *',
  });

/** The setting: origins separated by commas. */
export const corsOrigins = z
  .string()
  .transform((text) => text.split(',').map((part) => part.trim()))
  .pipe(z.array(origin).max(100));

/** True when it has answered: a preflight. */
export type CrossOrigin = (request: IncomingMessage, response: ServerResponse) => boolean;

/** How long a browser may go without asking again; no browser takes more than two hours from everybody. */
const preflightKeptSeconds = 7_200;

/**
 * Lets pages of these origins, `*` for any, ask the graph from a browser; answers preflights. Never with cookies: there
 * are none, and a token that a page sends in a header needs no leave.
 */
export function createCrossOrigin(origins: readonly string[]): CrossOrigin {
  if (origins.length === 0) return () => false;
  const answer = cors({
    origin: origins.includes('*') ? '*' : [...origins],
    methods: ['GET', 'POST'],
    allowedHeaders: ['content-type', 'authorization', 'x-api-key', 'apollo-require-preflight'],
    exposedHeaders: ['retry-after'],
    maxAge: preflightKeptSeconds,
  });
  return (request, response) => {
    let isAnswered = true;
    // It calls back at once, unless it has answered.
    answer(request, response, () => {
      isAnswered = false;
    });
    return isAnswered;
  };
}
