/**
 * What a log may say of a failure. PostgreSQL's `detail` and `where` quote rows, hence people: they stay
 * out.
 */
export function toLogged(cause: unknown): { name: string; message: string; code: string; stack: string } {
  if (!(cause instanceof Error)) return { name: typeof cause, message: '', code: '', stack: '' };
  const code = 'code' in cause ? String(cause.code) : '';
  return { name: cause.name, message: cause.message, code, stack: cause.stack ?? '' };
}
