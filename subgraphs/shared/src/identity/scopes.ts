/**
 * What a service client may do, each for itself. A scope only ever adds to what anybody may do; the admin may do all of
 * it without one.
 */
export const scopes = [
  'products:read',
  'products:write',
  'orders:read',
  'orders:write',
  'users:read',
  'internal',
] as const;

export type Scope = (typeof scopes)[number];

export function isScope(text: string): text is Scope {
  return (scopes as readonly string[]).includes(text);
}

/** The scopes that a list separated by spaces names (RFC 6749, section 3.3), each once; those that are none of ours are left out. */
export function scopesIn(list: string): Scope[] {
  return [...new Set(list.split(' ').filter(isScope))];
}
