import { countCalls } from '@shop/shared/documents/count-calls';
import type { Documents } from '@shop/shared/documents/port';
import { silentLog } from '@shop/shared/process/log';
import type { Subgraph } from '@shop/shared/process/subgraph';
import { type Adapter, adapters } from '../../shared/test/documents-adapters.ts';
import { createSubgraph, type UsersDependencies } from '../src/subgraph.ts';
import { createUserStore } from '../src/user-store.ts';

export const apiSecret = 'a-secret-for-tests';

/** The stores to run a whole suite on: in memory always, a real server where the environment names one. */
export const stores: Adapter[] = adapters.filter(({ name }) => name !== 'embedded on a file');

/** A running subgraph over a store of its own. */
export interface UsersUnderTest extends Subgraph {
  documents: Documents;
  counted: ReturnType<typeof countCalls>;
  /** Closes it and removes its data. */
  remove(): Promise<void>;
}

export async function openUsers(
  store: Adapter,
  options: Partial<UsersDependencies> = {},
): Promise<UsersUnderTest> {
  const { documents, remove } = await store.open();
  const counted = countCalls(documents);
  const users = await startUsers(counted.documents, options);
  const removeAll = async () => {
    await users.close();
    await remove();
  };
  return { ...users, documents, counted, remove: removeAll };
}

export function startUsers(
  documents: Documents,
  options: Partial<UsersDependencies> = {},
): Promise<Subgraph> {
  return createSubgraph({ documents, apiSecret, host: '127.0.0.1', port: 0, log: silentLog, ...options });
}

export type Fields = { [name: string]: unknown };

export interface Answer {
  data?: Record<string, Fields | Fields[] | null> | null;
  errors?: {
    message: string;
    extensions: { code: string; fields?: { path: string; message: string }[]; retryAfterSeconds?: number };
  }[];
}

export interface Caller {
  token?: string;
  isAdmin?: boolean;
}

/** Sends one operation over HTTP. */
export async function ask(
  { url }: { url: string },
  query: string,
  variables: Fields = {},
  { token, isAdmin }: Caller = {},
): Promise<Answer> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(token && { authorization: `Bearer ${token}` }),
      ...(isAdmin && { 'x-api-key': apiSecret }),
    },
    body: JSON.stringify({ query, variables }),
  });
  return (await response.json()) as Answer;
}

/** What a field was answered with; fails if there are errors. */
export function dataOf(answer: Answer, field: string): unknown {
  if (answer.errors) throw new Error(JSON.stringify(answer.errors));
  return answer.data?.[field];
}

export function codeOf({ errors }: Answer): string | undefined {
  return errors?.[0]?.extensions.code;
}

/** The paths of the fields that BAD_USER_INPUT names. */
export function badFieldsOf({ errors }: Answer): string[] | undefined {
  return errors?.[0]?.extensions.fields?.map(({ path }) => path);
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
