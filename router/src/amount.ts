export type Variables = Readonly<Record<string, unknown>>;

/** A number that variables may have a part in: known at once where none has. */
export type Amount = number | ((variables: Variables) => number);

export function amountWith(amount: Amount, variables: Variables): number {
  return typeof amount === 'number' ? amount : amount(variables);
}

export function plus(a: Amount, b: Amount): Amount {
  if (typeof a === 'number' && typeof b === 'number') return a + b;
  if (a === 0) return b;
  if (b === 0) return a;
  return (variables) => amountWith(a, variables) + amountWith(b, variables);
}

export function times(a: Amount, b: Amount): Amount {
  if (typeof a === 'number' && typeof b === 'number') return a * b;
  if (a === 0 || b === 0) return 0;
  return (variables) => amountWith(a, variables) * amountWith(b, variables);
}
