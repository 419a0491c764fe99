import { isScope, type Scope } from '@shop/shared/identity/scopes';
import type { AttemptLimiter, Limited } from './attempt-limits.ts';
import type { IssueServiceToken } from './issue-service-token.ts';
import type { ServiceClient } from './service-client.ts';
import { hashClientSecret, isClientSecret } from './service-client-secret.ts';
import type { ServiceClientStore } from './service-client-store.ts';
import type { ClientCredentials, TokenRequest } from './token-request.ts';

export type GrantOutcome =
  | { kind: 'granted'; accessToken: string; scopes: readonly Scope[] }
  | { kind: 'unsupportedGrantType' }
  | { kind: 'invalidCredentials' }
  | { kind: 'invalidScope' }
  | Limited;

/** What the client asked for, within its own scopes; all of them if it asked for none. */
export async function grantToken(
  { grantType, credentials, scope }: TokenRequest,
  address: string,
  dependencies: GrantDependencies,
): Promise<GrantOutcome> {
  if (grantType !== 'client_credentials') return { kind: 'unsupportedGrantType' };
  const attempt = { account: `client ${credentials.clientId}`, address };
  const outcome = await dependencies.limiter.checkPassword(attempt, () =>
    checkClient(credentials, dependencies.serviceClients),
  );
  if (outcome.kind !== 'authenticated') return outcome;
  const scopes = scopesToGrant(scope, outcome.client.scopes);
  if (scopes === null) return { kind: 'invalidScope' };
  return {
    kind: 'granted',
    accessToken: await dependencies.issueServiceToken(outcome.client._id, scopes),
    scopes,
  };
}

/** No secret has it: what a secret is compared with where there is no client, so that the work is the same. */
const nobodysHash = hashClientSecret('');

async function checkClient(
  { clientId, secret }: ClientCredentials,
  store: Pick<ServiceClientStore, 'findSecrets'>,
): Promise<{ kind: 'authenticated'; client: ServiceClient } | { kind: 'invalidCredentials' }> {
  const found = await store.findSecrets(clientId);
  const isRight = isClientSecret(secret, found?.hashes ?? [nobodysHash]);
  if (found === null || !isRight || found.client.revokedAt) return { kind: 'invalidCredentials' };
  return { kind: 'authenticated', client: found.client };
}

/** Null when one of the list is not the client's. */
function scopesToGrant(asked: string | null, own: readonly Scope[]): readonly Scope[] | null {
  if (asked === null) return own;
  const scopes = [...new Set(asked.split(' '))];
  return scopes.every((scope): scope is Scope => isScope(scope) && own.includes(scope)) ? scopes : null;
}

interface GrantDependencies {
  serviceClients: Pick<ServiceClientStore, 'findSecrets'>;
  limiter: Pick<AttemptLimiter, 'checkPassword'>;
  issueServiceToken: IssueServiceToken;
}
