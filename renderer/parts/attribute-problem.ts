import { fits } from '../../sync/model/attributes.ts';

export type AttributeProblem = 'number' | 'day' | 'text';

/** Why the core would not keep what was typed; null when it would. Nothing typed is no value, and never wrong. */
export function problemOf(attribute: Parameters<typeof fits>[0], typed: string): AttributeProblem | null {
  const value = typed.trim();
  if (value === '' || fits(attribute, value)) return null;
  return attribute.type === 'number' || attribute.type === 'day' ? attribute.type : 'text';
}
