import { createBatchLoader } from '@shop/shared/graphql/batch-loader';
import type { Caller } from '@shop/shared/identity/caller';
import type { Limited } from './attempt-limits.ts';
import type { User } from './user.ts';
import type { UserStore } from './user-store.ts';

/** What lives as long as one request. */
export interface UsersContext {
  caller: Caller;
  /** Where the client is: what limits of attempts go by. */
  clientAddress: string;
  /** Whether the logins of this request may be made; null until the first of them asks. */
  logins: { reserved: Promise<Limited | null> | null };
  userById: ReturnType<typeof createBatchLoader<User>>;
}

/** Makes the context of each request; its loader asks the store once per batch. */
export function createUsersContext(store: Pick<UserStore, 'findByIds'>) {
  return (caller: Caller, clientAddress: string): UsersContext => ({
    caller,
    clientAddress,
    logins: { reserved: null },
    userById: createBatchLoader(
      (ids) => store.findByIds(ids),
      (user) => user._id,
    ),
  });
}
