/** A user as everything but the store knows it: without a trace of the password. */
export interface User {
  _id: string;
  username: string;
  displayName?: string;
  email?: string;
  createdAt: Date;
}

/** A user as it is stored. */
export interface UserDoc extends User {
  /** The username in lower case: what is unique, and what a login looks up. */
  usernameKey: string;
  /** argon2id in its encoded form; never leaves the store but to be verified. */
  passwordHash: string;
  /** Absent until it is changed; sessions that started before it are over. */
  passwordChangedAt?: Date;
}
