import { createHash } from 'node:crypto';
import type { Connection } from '../../open.ts';
import { transact } from '../../transaction.ts';
import { keyBatches } from './key-batches.ts';
import { replicaKeys, type FiledMember } from './key-forms.ts';

/** A second's work at most; more is left to the background. */
const AT_ONCE_MAX = 20_000;

/** Shows every rule of the keys: accents, ideographs, several words, both phones, all kinds. */
const SAMPLE: FiledMember = {
  extras: '',
  lastName: 'Ørsted 陈',
  firstName: 'Ana-María Łucja 伟明',
  mobile: '+6591234567',
  phone: '+442079460958',
  email: 'Ana@Example.test',
  lookupId: 'A 12-b',
  supportId: 'K7QX-2M4P',
};

/**
 * Changes when the rules do: keys are taken back by making them again from the stored row, so both must
 * agree.
 */
export const KEY_RULES = createHash('sha256')
  .update(replicaKeys(SAMPLE).join('\n'))
  .digest('hex')
  .slice(0, 16);

/** Throws all keys away and leaves them to be made: other rules made them, or none did. */
export function forgetKeys(raw: Connection): void {
  raw.exec('DELETE FROM search_keys; DELETE FROM gone_keys; DELETE FROM key_runs;');
  raw.exec('INSERT INTO key_runs (run) VALUES (0), (1)');
  raw
    .prepare<[string]>(
      'UPDATE key_state SET rules = ?, built = 0, until = (SELECT coalesce(max(rowid), 0) FROM members), ' +
        'batch_run = 0, open_run = 1, open_keys = 0',
    )
    .run(KEY_RULES);
}

/**
 * Brings the keys to the program's rules after an update: at once where that takes no second, or marked as
 * still to be made.
 */
export function renewKeys(raw: Connection): void {
  if (raw.prepare('SELECT rules FROM key_state').pluck().get() !== KEY_RULES) {
    transact(raw, () => forgetKeys(raw));
  }
  const left = raw.prepare('SELECT until - built FROM key_state').pluck().get();
  const batch = raw.prepare('SELECT batch_run FROM key_state').pluck().get();
  if (Number(left) > 0 && Number(left) <= AT_ONCE_MAX && batch === 0) keyBatches(raw).makeAllNow();
}
