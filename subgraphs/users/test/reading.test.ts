import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { admin, ask, badFieldsOf, type Caller, codeOf, dataOf } from '../../shared/test/ask.ts';
import { type SubgraphUnderTest, stores } from '../../shared/test/open-over-store.ts';
import {
  type LoggedIn,
  openUsers,
  register,
  storeUsers,
  tryToUpdateProfile,
  type UserView,
  userFields,
} from './users-under-test.ts';

const entitiesQuery = `query ($of: [_Any!]!) {
  _entities(representations: $of) { ... on User { ${userFields} } }
}`;

function referencesTo(ids: string[]) {
  return { of: ids.map((_id) => ({ __typename: 'User', _id })) };
}

describe.each(stores)('reading users, $name', (store) => {
  let users: SubgraphUnderTest;
  let ids: string[];
  let ann: LoggedIn;

  beforeAll(async () => {
    users = await openUsers(store);
    ids = await storeUsers(users.documents, 100);
    ann = await register(users, 'Ann');
    await tryToUpdateProfile(users, { email: 'ann@example.org' }, { user: ann.access_token });
  });
  afterAll(() => users.remove());

  async function idsOf(args: string): Promise<string[]> {
    const list = dataOf(await ask(users, `{ users${args} { _id } }`), 'users') as UserView[];
    return list.map(({ _id }) => _id);
  }

  test('user is the one with this id, null if there is none', async () => {
    const query = 'query ($id: ID!) { user(id: $id) { _id username } }';
    const found = dataOf(await ask(users, query, { id: ann.user._id }), 'user');
    expect(found).toEqual({ _id: ann.user._id, username: 'Ann' });
    expect(await ask(users, query, { id: 'nobody' })).toEqual({ data: { user: null } });
    expect(await ask(users, query, { id: '' })).toEqual({ data: { user: null } });
  });

  test('users comes in pages, in the order of ids, and ends', async () => {
    const inOrder = [...ids, ann.user._id].toSorted();
    expect(await idsOf('')).toEqual(inOrder.slice(0, 100));
    expect(await idsOf('(first: null)')).toEqual(inOrder.slice(0, 100));
    expect(await idsOf('(first: 3)')).toEqual(inOrder.slice(0, 3));
    expect(await idsOf(`(first: 3, after: "${inOrder[2]}")`)).toEqual(inOrder.slice(3, 6));
    expect(await idsOf(`(after: "${inOrder.at(-1)}")`)).toEqual([]);
    expect(await idsOf('(first: 250)')).toEqual(inOrder);
  });

  test.each([0, -1, 251])('first of %s is BAD_USER_INPUT', async (first) => {
    const answer = await ask(users, `{ users(first: ${first}) { _id } }`);
    expect(codeOf(answer)).toBe('BAD_USER_INPUT');
    expect(badFieldsOf(answer)).toEqual(['first']);
  });

  test('me is null without a good token, and for the admin, who is no user', async () => {
    for (const caller of [{}, { user: 'hello' }, admin]) {
      expect(await ask(users, '{ me { _id } }', {}, caller)).toEqual({ data: { me: null } });
    }
  });

  test('an email is for its user and the admin, by every way to it', async () => {
    const bob = await register(users, 'Bob_reads');
    const query = `query ($id: ID!) { user(id: $id) { email } users(first: 250) { _id email } }`;
    const emails = async (caller: Caller): Promise<unknown> => {
      const answer = await ask(users, query, { id: ann.user._id }, caller);
      const listed = (dataOf(answer, 'users') as UserView[]).filter(({ email }) => email !== null);
      const references = referencesTo([ann.user._id]);
      const [entity] = dataOf(await ask(users, entitiesQuery, references, caller), '_entities') as UserView[];
      return { user: dataOf(answer, 'user'), listed: listed.length, entity: entity?.email };
    };
    const hidden = { user: { email: null }, listed: 0, entity: null };
    const shown = { user: { email: 'ann@example.org' }, entity: 'ann@example.org' };
    expect(await emails({})).toEqual(hidden);
    expect(await emails({ user: bob.access_token })).toEqual(hidden);
    expect(await emails({ user: ann.access_token })).toEqual({ ...shown, listed: 1 });
    expect(await emails(admin)).toEqual({ ...shown, listed: 101 });
  });

  test('entities of 100 users cost one query, come in the order asked for, and null where nobody is', async () => {
    const asked = [...ids.slice(0, 98).toReversed(), 'nobody', ids[0] ?? ''];
    users.counted.reset();
    const entities = dataOf(await ask(users, entitiesQuery, referencesTo(asked)), '_entities');
    expect(users.counted.calls()).toBe(1);
    expect((entities as (UserView | null)[]).map((user) => user?._id ?? 'nobody')).toEqual(asked);
  });

  test('no answer holds a hash, whoever asks', async () => {
    const { fields } = dataOf(await ask(users, '{ __type(name: "User") { fields { name } } }'), '__type') as {
      fields: { name: string }[];
    };
    expect(fields.map(({ name }) => name).toSorted()).toEqual(userFields.split(' ').toSorted());
    const caller = { user: ann.access_token, ...admin };
    const answers = [
      await ask(users, `{ users { ${userFields} } me { ${userFields} } }`, {}, caller),
      await ask(users, entitiesQuery, referencesTo(ids), caller),
      await ask(users, '{ me { passwordHash } }', {}, caller),
    ];
    expect(JSON.stringify(answers.slice(0, 2))).not.toMatch(/hush|argon2|passwordHash|usernameKey/);
    expect(codeOf(answers[2] ?? {})).toBe('GRAPHQL_VALIDATION_FAILED');
  });
});
