/** A major version of an event that nobody writes any more. */
export interface RetiredVersion {
  /** `urn:shop:order.placed:v1` */
  schema: string;
  /** The day on which the last process that wrote it was replaced: `2026-01-31`, UTC. */
  lastWrittenOn: string;
  reason: string;
}

/**
 * A schema is kept here for as long as a record of it may lie somewhere: a week in its topic and then, set aside,
 * as long as dead letters are kept. It may go after that; its line here stays, so that its name is not used again.
 */
export const retiredVersions: readonly RetiredVersion[] = [];
