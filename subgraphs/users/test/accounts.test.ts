import { argon2id, hash } from 'argon2';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { admin, ask, badFieldsOf, codeOf, dataOf } from '../../shared/test/ask.ts';
import { type SubgraphUnderTest, stores } from '../../shared/test/open-over-store.ts';
import type { UserDoc } from '../src/user.ts';
import {
  goodPassword,
  type LoggedIn,
  openUsers,
  register,
  startUsers,
  tryToChangePassword,
  tryToLogIn,
  tryToRegister,
  tryToUpdateProfile,
} from './users-under-test.ts';

describe.each(stores)('accounts, $name', (store) => {
  let users: SubgraphUnderTest;
  beforeAll(async () => {
    users = await openUsers(store);
  });
  afterAll(() => users.remove());

  async function countUsers(): Promise<number> {
    return users.documents.collection('users').countDocuments({});
  }

  describe('registerUser', () => {
    test('keeps the name as it was typed, and its token is the new user', async () => {
      const { access_token, user } = await register(users, 'Ann_1');
      expect(user).toEqual({
        _id: expect.any(String),
        username: 'Ann_1',
        displayName: null,
        email: null,
        createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      });
      const me = dataOf(await ask(users, '{ me { _id } }', {}, { user: access_token }), 'me');
      expect(me).toEqual({ _id: user._id });
    });

    test('USERNAME_TAKEN, whatever the case', async () => {
      await register(users, 'taken');
      for (const username of ['taken', 'TAKEN', 'Taken']) {
        const answer = await tryToRegister(users, { username, password: goodPassword });
        expect(codeOf(answer)).toBe('USERNAME_TAKEN');
        expect(answer.data).toEqual({ registerUser: null });
      }
    });

    test('of ten who register one name at once exactly one gets it', async () => {
      const names = Array.from({ length: 10 }, (_, n) => (n % 2 ? 'racer' : 'RACER'));
      const answers = await Promise.all(
        names.map((username) => tryToRegister(users, { username, password: goodPassword })),
      );
      const outcomes = answers.map((answer) => codeOf(answer) ?? 'registered');
      expect(outcomes.filter((outcome) => outcome === 'registered')).toHaveLength(1);
      expect(outcomes.filter((outcome) => outcome === 'USERNAME_TAKEN')).toHaveLength(9);
      expect(await users.documents.collection('users').countDocuments({ usernameKey: 'racer' })).toBe(1);
    });

    test.each([
      ['no input', null, ['input']],
      ['a short name', { username: 'ab', password: goodPassword }, ['input.username']],
      ['a bad letter', { username: 'ann smith', password: goodPassword }, ['input.username']],
      ['a short password', { username: 'fresh', password: '1234567' }, ['input.password']],
      ['both wrong', { username: '', password: '' }, ['input.username', 'input.password']],
    ])('%s is BAD_USER_INPUT, names the fields, and stores nothing', async (_, input, fields) => {
      const before = await countUsers();
      const answer = await tryToRegister(users, input);
      expect(codeOf(answer)).toBe('BAD_USER_INPUT');
      expect(badFieldsOf(answer)).toEqual(fields);
      expect(await countUsers()).toBe(before);
    });
  });

  describe('login', () => {
    test('takes the name in any case', async () => {
      const { user } = await register(users, 'Lena');
      const answer = dataOf(await tryToLogIn(users, 'LENA', goodPassword), 'login') as LoggedIn;
      expect(answer.user).toEqual(user);
    });

    test('shows users their own email before they have sent the token', async () => {
      const { access_token: token } = await register(users, 'owner');
      await tryToUpdateProfile(users, { email: 'owner@example.org' }, { user: token });
      const answer = dataOf(await tryToLogIn(users, 'owner', goodPassword), 'login') as LoggedIn;
      expect(answer.user.email).toBe('owner@example.org');
    });

    test('an unknown name and a wrong password get the same answer', async () => {
      await register(users, 'known');
      const wrong = await tryToLogIn(users, 'known', 'wrong password');
      expect(codeOf(wrong)).toBe('INVALID_CREDENTIALS');
      for (const username of ['unknown', '', 'no such name!', 'x'.repeat(1_000)]) {
        expect(await tryToLogIn(users, username, goodPassword)).toEqual(wrong);
      }
    });
  });

  describe('updateProfile', () => {
    test('sets what is given, keeps what is left out, takes away what is null', async () => {
      const { access_token: token } = await register(users, 'profile');
      const update = async (input: { displayName?: unknown; email?: unknown }) =>
        dataOf(await tryToUpdateProfile(users, input, { user: token }), 'updateProfile');
      expect(await update({ displayName: '  Ann Ω ', email: 'ann@example.org' })).toMatchObject({
        displayName: 'Ann Ω',
        email: 'ann@example.org',
      });
      expect(await update({ email: 'ann@example.com' })).toMatchObject({
        displayName: 'Ann Ω',
        email: 'ann@example.com',
      });
      expect(await update({ displayName: null })).toMatchObject({
        displayName: null,
        email: 'ann@example.com',
      });
      expect(await update({ displayName: 'A', email: null })).toMatchObject({
        displayName: 'A',
        email: null,
      });
      expect(await update({})).toMatchObject({ username: 'profile', displayName: 'A', email: null });
    });

    test('names every broken field at once', async () => {
      const { access_token: token } = await register(users, 'broken');
      const input = { displayName: '   ', email: 'nobody' };
      const answer = await tryToUpdateProfile(users, input, { user: token });
      expect(badFieldsOf(answer)).toEqual(['input.displayName', 'input.email']);
    });
  });

  describe('changePassword', () => {
    test('the new one is good from now on, the old one no longer', async () => {
      const { access_token: token, user } = await register(users, 'changer');
      const answer = await tryToChangePassword(users, goodPassword, 'another horse', { user: token });
      expect(dataOf(answer, 'changePassword')).toEqual({ _id: user._id });
      expect(codeOf(await tryToLogIn(users, 'changer', goodPassword))).toBe('INVALID_CREDENTIALS');
      expect(codeOf(await tryToLogIn(users, 'changer', 'another horse'))).toBeUndefined();
    });

    test('a wrong current one is INVALID_CREDENTIALS, a bad new one BAD_USER_INPUT; nothing changes', async () => {
      const { access_token: token } = await register(users, 'keeper');
      expect(codeOf(await tryToChangePassword(users, 'wrong horse', 'another horse', { user: token }))).toBe(
        'INVALID_CREDENTIALS',
      );
      expect(badFieldsOf(await tryToChangePassword(users, goodPassword, 'short', { user: token }))).toEqual([
        'input.newPassword',
      ]);
      expect(codeOf(await tryToLogIn(users, 'keeper', goodPassword))).toBeUndefined();
    });

    test('of several changes at once one wins, and its password is the one that counts', async () => {
      const { access_token: token } = await register(users, 'hasty');
      const nexts = ['horse no. 0', 'horse no. 1', 'horse no. 2'];
      const answers = await Promise.all(
        nexts.map((next) => tryToChangePassword(users, goodPassword, next, { user: token })),
      );
      const winners = nexts.filter((_, n) => !answers[n]?.errors);
      expect(winners).toHaveLength(1);
      expect(codeOf(await tryToLogIn(users, 'hasty', winners[0] ?? ''))).toBeUndefined();
    });
  });

  test('a password made with other parameters is good, and hashed anew at the next login', async () => {
    const { user } = await register(users, 'veteran');
    const stored = users.documents.collection<UserDoc>('users');
    const old = await hash(goodPassword, { type: argon2id, memoryCost: 4_096, timeCost: 3, parallelism: 1 });
    await stored.updateOne({ _id: user._id }, { $set: { passwordHash: old } });
    for (let n = 0; n < 2; n += 1) {
      expect(codeOf(await tryToLogIn(users, 'veteran', goodPassword))).toBeUndefined();
      const { passwordHash } = (await stored.findOne({ _id: user._id }))!;
      expect(passwordHash).toContain('$m=19456,');
    }
  });

  test('common passwords are refused where they are to be, in new passwords alone', async () => {
    const { access_token: user } = dataOf(
      await tryToRegister(users, { username: 'easygoing', password: 'password' }),
      'registerUser',
    ) as LoggedIn;
    const strict = await startUsers(users.documents, { commonPasswords: 'refuse' });
    const answer = await tryToRegister(strict, { username: 'careless', password: 'PassWord' });
    expect(badFieldsOf(answer)).toEqual(['input.password']);
    expect(badFieldsOf(await tryToChangePassword(strict, 'password', 'qwertyuiop', { user }))).toEqual([
      'input.newPassword',
    ]);
    expect(codeOf(await tryToLogIn(strict, 'easygoing', 'password'))).toBeUndefined();
    expect(codeOf(await tryToChangePassword(strict, 'password', goodPassword, { user }))).toBeUndefined();
    await strict.close();
  });

  test.each([
    ['no token', {}],
    ['a bad token', { user: 'hello' }],
    ["only the admin's key", admin],
  ])('with %s a profile and a password cannot be changed', async (_, caller) => {
    expect(codeOf(await tryToUpdateProfile(users, {}, caller))).toBe('UNAUTHENTICATED');
    expect(codeOf(await tryToChangePassword(users, goodPassword, goodPassword, caller))).toBe(
      'UNAUTHENTICATED',
    );
  });

  test('the token of a user who is gone is UNAUTHENTICATED', async () => {
    const { access_token: token, user } = await register(users, 'leaver');
    await users.documents.collection('users').deleteOne({ _id: user._id });
    expect(codeOf(await tryToUpdateProfile(users, { displayName: 'A' }, { user: token }))).toBe(
      'UNAUTHENTICATED',
    );
    expect(codeOf(await tryToChangePassword(users, goodPassword, 'another horse', { user: token }))).toBe(
      'UNAUTHENTICATED',
    );
    expect(dataOf(await ask(users, '{ me { _id } }', {}, { user: token }), 'me')).toBeNull();
  });
});
