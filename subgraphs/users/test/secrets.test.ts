import { openEmbeddedDocuments } from '@shop/shared/documents/embedded/open-embedded-documents';
import { interceptDocuments } from '@shop/shared/documents/intercept-documents';
import type { Documents } from '@shop/shared/documents/port';
import { UnavailableError } from '@shop/shared/unavailable';
import { expect, test } from 'vitest';
import { admin, apiSecret, ask } from '../../shared/test/ask.ts';
import { createRecordedLog } from '../../shared/test/recorded-log.ts';
import { createKeysCipher } from '../src/keys-cipher.ts';
import type { UserDoc } from '../src/user.ts';
import {
  goodPassword,
  keysSecrets,
  register,
  startUsers,
  tryToChangePassword,
  tryToLogIn,
  tryToRegister,
  tryToUpdateProfile,
} from './users-under-test.ts';

async function storedSecrets(documents: Documents): Promise<string[]> {
  const user = await documents.collection<UserDoc>('users').findOne({ username: 'ann' });
  const keys = documents.collection<{
    _id: string;
    publicKey: { kid: string };
    encryptedPrivateKey: string;
  }>('signing_keys');
  const [key] = await keys.find({}, { limit: 1 }).toArray();
  if (!user || !key) throw new Error('nothing is stored');
  const { kid } = key.publicKey;
  const { d = '' } = await createKeysCipher(keysSecrets).decrypt(kid, key.encryptedPrivateKey);
  // The database knows neither the private part nor what it is encrypted with.
  expect(JSON.stringify(key)).not.toContain(d);
  return [user.passwordHash, d, ...keysSecrets];
}

test('no secret is logged or answered, whether the database works, is away or is broken', async () => {
  const stored = openEmbeddedDocuments({ file: ':memory:' });
  let failure: Error | null = null;
  const documents = interceptDocuments(stored, (_, run) => (failure ? Promise.reject(failure) : run()));
  const recorded = createRecordedLog();
  const users = await startUsers(documents, { log: recorded.log });
  const { access_token: token } = await register(users, 'ann');
  const secrets = await storedSecrets(stored);
  const answers: unknown[] = [];
  for (failure of [null, new UnavailableError('the database is away'), new Error('a defect')]) {
    answers.push(
      await tryToRegister(users, { username: 'ann', password: goodPassword }),
      await tryToRegister(users, { username: '?', password: goodPassword }),
      await tryToLogIn(users, 'nobody', goodPassword),
      await tryToUpdateProfile(users, { displayName: 'Ann' }, { user: token }),
      await tryToChangePassword(users, goodPassword, goodPassword, { user: token }),
      await ask(users, '{ me { passwordHash } }', {}, { user: token, ...admin }),
      await (await fetch(`${users.url}/.well-known/jwks.json`)).json(),
    );
  }
  await users.close();
  await stored.close();

  // The log is alive: it tells of the failures.
  expect(recorded.text()).toContain('a defect');
  expect(recorded.text()).toContain('the database is away');
  const everything = recorded.text() + JSON.stringify(answers);
  for (const secret of [...secrets, goodPassword, apiSecret, token, '$argon2id']) {
    expect(everything).not.toContain(secret);
  }
});
