import { DbError } from '../../db/errors.ts';
import type { SyncStatus } from '../contract/till.ts';
import { CentreFault } from './centre-client.ts';

export type Problem = NonNullable<SyncStatus['problem']>;

/**
 * What a failure means to the person at the till: a state that passes by itself, or one that needs somebody.
 */
export function toProblem(cause: unknown): { state: 'offline' | 'stopped'; problem: Problem } {
  if (cause instanceof DbError && cause.code === 'full') {
    const message =
      'The disk is full, so this till can not sync. Everything saved here is kept; free some space.';
    return { state: 'stopped', problem: { code: 'disk_full', message } };
  }
  if (!(cause instanceof CentreFault)) {
    const message = 'Sync failed on this till. Everything saved here is kept.';
    return { state: 'offline', problem: { code: 'bug', message } };
  }
  const state = cause.kind === 'refused' ? 'stopped' : 'offline';
  // It passes by itself, whatever the code: a file that is not kept any more, as a list of before named it.
  const code = cause.kind === 'busy' && cause.code !== 'bug' ? 'busy' : cause.code;
  return { state, problem: { code, message: cause.message } };
}
