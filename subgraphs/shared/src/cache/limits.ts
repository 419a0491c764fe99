/**
 * The longest that an entry may live: whatever goes wrong with an invalidation (a failover that loses it, a
 * process that dies before its retry), no reader sees the old value for longer.
 */
export const maxTtlMs = 60_000;

/** Longer values (in UTF-16 units) are not stored: one answer of the shop is far below it. */
export const maxValueLength = 1_000_000;

/** A scope with this many entries takes no more of them until it expires or is invalidated. */
export const maxEntriesPerScope = 1_000;

/** An entry that shows more parts is not stored: a look-up may have to ask about each. */
export const maxPartsPerEntry = 1_000;

/** A scope of which more parts changed is invalidated as a whole. */
export const maxChangedParts = 5_000;
