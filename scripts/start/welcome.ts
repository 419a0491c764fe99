/** Says where the shop is and what to try first; the secret only where the shop made it itself. */
export function printWelcome({ url, apiSecret }: { url: string; apiSecret?: string }): void {
  const lines = [
    '',
    `The shop answers at ${url}/graphql`,
    '',
    'Try a first operation:',
    '',
    `  curl -s ${url}/graphql -H 'content-type: application/json' \\`,
    `    -d '{"query":"{ products(first: 3) { _id name price quantity images { url } } }"}'`,
    '',
    ...(apiSecret ? [`The admin's key, for the header x-api-key (API_SECRET): ${apiSecret}`, ''] : []),
    'README.md goes on from here: register, log in, order. Ctrl-C stops the shop; its data stays.',
    '',
  ];
  console.log(lines.join('\n'));
}
