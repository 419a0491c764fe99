import { createBatchLoader } from '@shop/shared/graphql/batch-loader';
import type { Caller } from '@shop/shared/identity/caller';
import type { User } from './user.ts';
import type { UserStore } from './user-store.ts';

/** What lives as long as one request. */
export interface UsersContext {
  caller: Caller;
  userById: ReturnType<typeof createBatchLoader<User>>;
}

/** Makes the context of each request; its loader asks the store once per batch. */
export function createUsersContext(store: Pick<UserStore, 'findByIds'>) {
  return (caller: Caller): UsersContext => ({
    caller,
    userById: createBatchLoader(
      (ids) => store.findByIds(ids),
      (user) => user._id,
    ),
  });
}
