/** Stands in for the pool: whatever reaches for SQL has no memory twin, and must not run. */
export const rowsOf = (_sql: unknown, text: string): Promise<never> =>
  Promise.reject(new Error(`no SQL here: ${text.slice(0, 80)}`));
