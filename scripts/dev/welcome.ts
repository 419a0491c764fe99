import type { DevGraph } from './start-dev.ts';

export interface DevWelcome extends DevGraph {
  real: readonly string[];
  mocked: readonly string[];
  /** Only where the shop made it itself. */
  apiSecret: string | undefined;
}

/** Says where the graph is, what of it is real, and who one can be. */
export function printDevWelcome({ url, token, real, mocked, apiSecret }: DevWelcome): void {
  const withoutStock = real.includes('orders') && mocked.includes('products');
  const lines = [
    '',
    `The graph answers at ${url}/graphql, with what is internal at ${url}/internal/graphql`,
    '',
    `  real:   ${real.join(', ')}`,
    ...(mocked.length > 0
      ? [`  mocked: ${mocked.join(', ')} (values are made up; the same id has the same)`]
      : []),
    '',
    ...(token
      ? [
          "A user's token, good for an hour; `login` with any password gives another:",
          '',
          `  authorization: Bearer ${token}`,
          '',
        ]
      : []),
    ...(apiSecret ? ["The admin's key:", '', `  x-api-key: ${apiSecret}`, ''] : []),
    ...(withoutStock
      ? ['Products is mocked and reserves nothing: orders stay PENDING until they expire.', '']
      : []),
    'Changes of their schemas and sources are taken up as they are made. Ctrl-C ends it.',
    '',
  ];
  console.log(lines.join('\n'));
}
