/** Returns `value`, or throws: for what the code above has already made certain. */
export function must<T>(value: T | null | undefined, why: string): T {
  if (value === null || value === undefined) throw new Error(`must: ${why}`);
  return value;
}

/** Throws when a rule of the design is broken. A failed assertion is a bug, never a refusal to a cashier. */
export function assert(condition: boolean, why: string): asserts condition {
  if (!condition) throw new Error(`assert: ${why}`);
}

/**
 * Closes a `switch` over a union: does not compile while a case is missing. The value may be personal: not
 * told.
 */
export function unreachable(value: never): never {
  throw new Error(`unreachable: ${typeof value}`);
}
