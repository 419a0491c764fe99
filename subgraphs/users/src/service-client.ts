import type { Scope } from '@shop/shared/identity/scopes';

/** Another server that may call the shop in its own name, as everything but the store knows it. */
export interface ServiceClient {
  /** Its client_id. */
  _id: string;
  name: string;
  scopes: Scope[];
  createdAt: Date;
  /** From then on it is given no token. */
  revokedAt?: Date;
}

/** As it is stored. */
export interface ServiceClientDoc extends ServiceClient {
  secretHash: string;
  /** Of the secret before the last rotation, which is good too. */
  earlierSecretHash?: string;
}
