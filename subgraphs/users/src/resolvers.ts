import { dateTimeScalar } from '@shop/shared/graphql/date-time';
import { shopError } from '@shop/shared/graphql/errors';
import { parseAfter, parseFirst } from '@shop/shared/graphql/paging';
import { parseInput } from '@shop/shared/graphql/parse-input';
import type { Resolvers } from '@shop/shared/graphql/subgraph-schema';
import { mayActFor, requireUser } from '@shop/shared/identity/caller';
import { changePassword, changePasswordInput } from './change-password.ts';
import type { UsersContext } from './context.ts';
import type { IssueAccessToken } from './issue-access-token.ts';
import { logIn } from './log-in.ts';
import type { PasswordHashing } from './password-hashing.ts';
import { updateProfileInput } from './profile-rules.ts';
import { registerUser, registerUserInput } from './register-user.ts';
import type { User } from './user.ts';
import type { UserStore } from './user-store.ts';

export interface UsersDomain {
  store: UserStore;
  passwords: PasswordHashing;
  issueAccessToken: IssueAccessToken;
  clock: () => Date;
  newId: () => string;
}

/** A user who has just proved by password who they are counts as the caller of what is answered about them. */
type UserSource = User & { hasJustLoggedIn?: true };

/** The resolvers of the Users subgraph over its use cases. */
export function createResolvers(domain: UsersDomain): Resolvers {
  return { DateTime: dateTimeScalar, Query: queries(domain), Mutation: mutations(domain), User: userFields };
}

const userFields = {
  __resolveReference: (reference: { _id: unknown }, { userById }: UsersContext) =>
    userById.load(String(reference._id)),
  email: (user: UserSource, _: unknown, { caller }: UsersContext) =>
    user.hasJustLoggedIn || mayActFor(caller, user._id) ? (user.email ?? null) : null,
};

function queries({ store }: UsersDomain) {
  return {
    users: (_: unknown, { first, after }: { first?: number | null; after?: string | null }) =>
      store.page(parseAfter(after), parseFirst(first, 100)),
    user: (_: unknown, { id }: { id: string }, { userById }: UsersContext) => userById.load(id),
    me: (_: unknown, __: unknown, { caller, userById }: UsersContext) =>
      caller.userId === null ? null : userById.load(caller.userId),
  };
}

function mutations(domain: UsersDomain) {
  return {
    registerUser: async (_: unknown, args: { input?: unknown }) => {
      const outcome = await registerUser(parseInput(registerUserInput, args.input, 'input'), domain);
      if (outcome.kind === 'usernameTaken') {
        throw shopError('USERNAME_TAKEN', 'Another user has this username: choose a different one.');
      }
      return loggedIn(outcome.user, domain);
    },
    login: async (_: unknown, { input }: { input: { username: string; password: string } }) => {
      const outcome = await logIn(input, domain);
      if (outcome.kind === 'invalidCredentials') {
        throw shopError('INVALID_CREDENTIALS', 'The username or the password is wrong.');
      }
      return loggedIn(outcome.user, domain);
    },
    updateProfile: async (_: unknown, args: { input: unknown }, { caller }: UsersContext) => {
      const userId = requireUser(caller);
      const change = parseInput(updateProfileInput, args.input, 'input');
      return (await domain.store.updateProfile(userId, change)) ?? refuseUnknownUser();
    },
    changePassword: async (_: unknown, args: { input: unknown }, { caller }: UsersContext) => {
      const userId = requireUser(caller);
      const input = parseInput(changePasswordInput, args.input, 'input');
      const outcome = await changePassword(userId, input, domain);
      if (outcome.kind === 'unknownUser') return refuseUnknownUser();
      if (outcome.kind === 'invalidCredentials') {
        throw shopError('INVALID_CREDENTIALS', 'The current password is wrong.');
      }
      return outcome.user;
    },
  };
}

async function loggedIn(user: User, { issueAccessToken }: UsersDomain) {
  const source: UserSource = { ...user, hasJustLoggedIn: true };
  return { access_token: await issueAccessToken(user._id), user: source };
}

// The token is good, yet its user is not there: the database was replaced since.
function refuseUnknownUser(): never {
  throw shopError('UNAUTHENTICATED', 'The user of this access token does not exist: log in again.');
}
