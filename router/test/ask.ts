import type { GraphQLFormattedError } from 'graphql';

export interface Answer {
  status: number;
  headers: Record<string, string>;
  text: string;
  data?: unknown;
  errors?: GraphQLFormattedError[];
}

export interface Question {
  headers?: Record<string, string>;
  variables?: unknown;
}

/** Sends an operation to the router at this origin. */
export async function askRouter(origin: string, query: string, question: Question = {}): Promise<Answer> {
  const response = await fetch(`${origin}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...question.headers },
    body: JSON.stringify({ query, variables: question.variables }),
  });
  const text = await response.text();
  const { status, headers } = response;
  return { ...JSON.parse(text), status, headers: Object.fromEntries(headers), text };
}
