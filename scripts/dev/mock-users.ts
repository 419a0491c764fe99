import { randomBytes } from 'node:crypto';
import { openEmbeddedDocuments } from '@shop/shared/documents/embedded/open-embedded-documents';
import type { Route } from '@shop/shared/graphql/http-listener';
import type { Resolvers } from '@shop/shared/graphql/subgraph-schema';
import type { Caller } from '@shop/shared/identity/caller';
import { silentLog } from '@shop/shared/process/log';
import { createIssueAccessToken } from '@shop/users/issue-access-token';
import { publishKeys } from '@shop/users/publish-keys';
import { openSigningKeys } from '@shop/users/signing-keys';
import { v7 } from 'uuid';

const userId = 'user-1';

/** What a mocked Users does as the real one: it publishes a key and gives out tokens that are good with it. */
export interface MockIdentity {
  /** An access token of user-1. */
  token: string;
  routes: Record<string, Route>;
  /** In place of what would be made up. */
  resolvers: Resolvers;
}

/** With a key of its own, new each time. */
export async function createMockIdentity(): Promise<MockIdentity> {
  const documents = openEmbeddedDocuments({ file: ':memory:' });
  const clock = () => new Date();
  const secrets = [randomBytes(32).toString('base64url')];
  const keys = await openSigningKeys(documents, { clock, secrets, log: silentLog });
  await documents.close();
  const issue = createIssueAccessToken({ keys, clock, newId: v7 });
  // Whoever logs in, by whatever password, is the same user.
  const logIn = async (_: unknown, { input }: { input?: { username?: string } }) => ({
    access_token: await issue(userId),
    user: { __typename: 'User', _id: userId, ...(input?.username && { username: input.username }) },
  });
  return {
    token: await issue(userId),
    routes: { '/.well-known/jwks.json': publishKeys(keys) },
    resolvers: {
      Query: {
        me: (_: unknown, __: unknown, { caller }: { caller: Caller }) =>
          caller.userId === null ? null : { __typename: 'User', _id: caller.userId },
      },
      Mutation: { login: logIn, registerUser: logIn },
    },
  };
}
