import type { Documents } from '@shop/shared/documents/port';
import { silentLog } from '@shop/shared/process/log';
import type { Subgraph } from '@shop/shared/process/subgraph';
import { type Answer, apiSecret, ask, type Caller, dataOf, type Fields } from '../../shared/test/ask.ts';
import type { Adapter } from '../../shared/test/documents-adapters.ts';
import { openOverStore, type SubgraphUnderTest } from '../../shared/test/open-over-store.ts';
import { createSubgraph, type UsersDependencies } from '../src/subgraph.ts';
import { createUserStore } from '../src/user-store.ts';

export const keysSecrets = ['a secret of the tests of Users for signing keys'];

/** Starts the subgraph over a store of its own. */
export function openUsers(
  store: Adapter,
  options: Partial<UsersDependencies> = {},
): Promise<SubgraphUnderTest> {
  return openOverStore(store, (documents) => startUsers(documents, options));
}

export function startUsers(
  documents: Documents,
  options: Partial<UsersDependencies> = {},
): Promise<Subgraph> {
  return createSubgraph({
    documents,
    apiSecret,
    keysSecrets,
    verifyRouter: 'off',
    host: '127.0.0.1',
    port: 0,
    log: silentLog,
    ...options,
  });
}

export const userFields = '_id username displayName email createdAt';

/** A user as `userFields` select it. */
export interface UserView {
  _id: string;
  username: string;
  displayName: string | null;
  email: string | null;
  createdAt: string;
}

export interface LoggedIn {
  access_token: string;
  user: UserView;
}

export const goodPassword = 'correct horse';

export function tryToRegister(users: Subgraph, input: unknown): Promise<Answer> {
  const query = `mutation ($input: RegisterUserInput) {
    registerUser(input: $input) { access_token user { ${userFields} } }
  }`;
  return ask(users, query, { input });
}

/** Registers a user who must be accepted. */
export async function register(users: Subgraph, username: string): Promise<LoggedIn> {
  return dataOf(await tryToRegister(users, { username, password: goodPassword }), 'registerUser') as LoggedIn;
}

export function tryToLogIn(users: Subgraph, username: string, password: string): Promise<Answer> {
  const query = `mutation ($input: LoginInput!) {
    login(input: $input) { access_token user { ${userFields} } }
  }`;
  return ask(users, query, { input: { username, password } });
}

export function tryToUpdateProfile(users: Subgraph, input: Fields, caller: Caller): Promise<Answer> {
  const query = `mutation ($input: UpdateProfileInput!) {
    updateProfile(input: $input) { ${userFields} }
  }`;
  return ask(users, query, { input }, caller);
}

export function tryToChangePassword(
  users: Subgraph,
  currentPassword: string,
  newPassword: string,
  caller: Caller,
): Promise<Answer> {
  const query = 'mutation ($input: ChangePasswordInput!) { changePassword(input: $input) { _id } }';
  return ask(users, query, { input: { currentPassword, newPassword } }, caller);
}

/** Stores users without the work of hashing: `u000`, `u001`, … with these ids. */
export async function storeUsers(documents: Documents, count: number): Promise<string[]> {
  const store = createUserStore(documents);
  const ids = Array.from({ length: count }, (_, n) => `u${String(n).padStart(3, '0')}`);
  for (const id of ids) {
    await store.insert({
      _id: id,
      username: id,
      usernameKey: id,
      passwordHash: 'hush',
      email: `${id}@example.org`,
      createdAt: new Date(0),
    });
  }
  return ids;
}
