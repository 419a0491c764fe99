/** What every subgraph agrees on about access tokens: who issues them, for whom, and how they are signed. */
export const accessTokens = {
  issuer: 'urn:shop:users',
  audience: 'urn:shop:graph',
  algorithm: 'EdDSA',
  type: 'at+jwt',
} as const;
