import { dateTimeScalar } from '@shop/shared/graphql/date-time';
import { shopError } from '@shop/shared/graphql/errors';
import { parseAfter, parseFirst } from '@shop/shared/graphql/paging';
import { parseInput } from '@shop/shared/graphql/parse-input';
import { argumentsOfRootFields, type RootInfo } from '@shop/shared/graphql/root-fields';
import type { Resolvers } from '@shop/shared/graphql/subgraph-schema';
import { mayActFor, requireUser } from '@shop/shared/identity/caller';
import type { AttemptLimiter, Limited } from './attempt-limits.ts';
import { changePassword, changePasswordInput } from './change-password.ts';
import type { CommonPasswords } from './common-passwords.ts';
import type { UsersContext } from './context.ts';
import type { IssueAccessToken } from './issue-access-token.ts';
import { logIn, loginAttempt } from './log-in.ts';
import type { PasswordHashing } from './password-hashing.ts';
import { updateProfileInput } from './profile-rules.ts';
import { registerUser, registerUserInput } from './register-user.ts';
import {
  type ServiceClientsDomain,
  serviceClientMutations,
  serviceClientQueries,
} from './service-client-resolvers.ts';
import type { Sessions } from './sessions.ts';
import type { User } from './user.ts';
import type { UserStore } from './user-store.ts';

export interface UsersDomain extends ServiceClientsDomain {
  store: UserStore;
  passwords: PasswordHashing;
  limiter: AttemptLimiter;
  commonPasswords: CommonPasswords;
  issueAccessToken: IssueAccessToken;
  sessions: Sessions;
}

/** A user who has just proved by password or refresh token who they are counts as the caller of what is answered about them. */
type UserSource = User & { hasJustLoggedIn?: true };

/** The resolvers of the Users subgraph over its use cases. */
export function createResolvers(domain: UsersDomain): Resolvers {
  return {
    DateTime: dateTimeScalar,
    Query: { ...queries(domain), ...serviceClientQueries(domain) },
    Mutation: { ...mutations(domain), ...sessionMutations(domain), ...serviceClientMutations(domain) },
    User: userFields,
  };
}

const userFields = {
  __resolveReference: (reference: { _id: unknown }, { userById }: UsersContext) =>
    userById.load(String(reference._id)),
  email: (user: UserSource, _: unknown, { caller }: UsersContext) =>
    user.hasJustLoggedIn || mayActFor(caller, user._id, 'users:read') ? (user.email ?? null) : null,
};

interface LoginInput {
  username: string;
  password: string;
}

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
  const registration = registerUserInput(domain.commonPasswords);
  const changeOfPassword = changePasswordInput(domain.commonPasswords);
  return {
    registerUser: async (_: unknown, args: { input?: unknown }, { clientAddress }: UsersContext) => {
      const input = parseInput(registration, args.input, 'input');
      const startedAt = domain.clock();
      const outcome = await registerUser({ ...input, address: clientAddress }, domain);
      if (outcome.kind === 'limited') return refuseForNow(outcome, 'accounts were registered from here');
      if (outcome.kind === 'usernameTaken') {
        throw shopError('USERNAME_TAKEN', 'Another user has this username: choose a different one.');
      }
      return loggedIn(outcome.user, domain, () => domain.sessions.start(outcome.user._id, startedAt));
    },
    login: async (_: unknown, { input }: { input: LoginInput }, context: UsersContext, info: RootInfo) => {
      const startedAt = domain.clock();
      const attempt = loginAttempt(input.username, context.clientAddress);
      const limited = await reserveLogins(context, info, domain);
      const outcome = limited ?? (await domain.limiter.settle(attempt, () => logIn(input, domain)));
      if (outcome.kind === 'limited') return refuseForNow(outcome, 'wrong passwords came from here');
      if (outcome.kind === 'invalidCredentials') {
        throw shopError('INVALID_CREDENTIALS', 'The username or the password is wrong.');
      }
      return loggedIn(outcome.user, domain, () => domain.sessions.start(outcome.user._id, startedAt));
    },
    updateProfile: async (_: unknown, args: { input: unknown }, { caller }: UsersContext) => {
      const userId = requireUser(caller);
      const change = parseInput(updateProfileInput, args.input, 'input');
      return (await domain.store.updateProfile(userId, change)) ?? refuseUnknownUser();
    },
    changePassword: async (_: unknown, args: { input: unknown }, context: UsersContext) => {
      const userId = requireUser(context.caller);
      const input = parseInput(changeOfPassword, args.input, 'input');
      const outcome = await changePassword({ userId, address: context.clientAddress }, input, domain);
      if (outcome.kind === 'limited') return refuseForNow(outcome, 'wrong passwords came from here');
      if (outcome.kind === 'unknownUser') return refuseUnknownUser();
      if (outcome.kind === 'invalidCredentials') {
        throw shopError('INVALID_CREDENTIALS', 'The current password is wrong.');
      }
      return outcome.user;
    },
  };
}

function sessionMutations(domain: UsersDomain) {
  return {
    refreshSession: async (_: unknown, { refreshToken }: { refreshToken: string }) => {
      const outcome = await domain.sessions.refresh(refreshToken);
      if (outcome.kind === 'invalid') {
        throw shopError('INVALID_REFRESH_TOKEN', 'The refresh token is of no use any more: log in again.');
      }
      return loggedIn(outcome.user, domain, async () => outcome.refreshToken);
    },
    logout: async (_: unknown, { refreshToken }: { refreshToken: string }) => {
      await domain.sessions.end(refreshToken);
      return true;
    },
  };
}

/**
 * Places for all logins of the document, taken by the first of them: the executor makes no further one once one has
 * failed, yet a document with a thousand of them is a thousand attempts.
 */
function reserveLogins(
  { logins, clientAddress }: UsersContext,
  info: RootInfo,
  { limiter }: UsersDomain,
): Promise<Limited | null> {
  logins.reserved ??= limiter.reserve(
    argumentsOfRootFields(info, 'login').map((args) => {
      const { username } = (args?.input ?? { username: '' }) as LoginInput;
      return loginAttempt(username, clientAddress);
    }),
  );
  return logins.reserved;
}

/**
 * The session starts when the refresh token is asked for, once however often: clients of the first API do not ask, and
 * leave none behind.
 */
async function loggedIn(user: User, { issueAccessToken }: UsersDomain, session: () => Promise<string>) {
  const source: UserSource = { ...user, hasJustLoggedIn: true };
  let refreshToken: Promise<string> | undefined;
  const refresh_token = () => {
    refreshToken ??= session();
    return refreshToken;
  };
  return { access_token: await issueAccessToken(user._id), refresh_token, user: source };
}

function refuseForNow({ retryAfterSeconds }: Limited, what: string): never {
  const message = `Too many ${what}: try again in ${retryAfterSeconds} seconds.`;
  throw shopError('RATE_LIMITED', message, { retryAfterSeconds });
}

// The token is good, yet its user is not there: the database was replaced since.
function refuseUnknownUser(): never {
  throw shopError('UNAUTHENTICATED', 'The user of this access token does not exist: log in again.');
}
