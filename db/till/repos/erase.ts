import { assert } from '../../../sync/base/must.ts';
import { headerHash, isPersonal, type OpHeader } from '../../../sync/model/op.ts';
import { columnsOf } from '../../columns.ts';
import type { Connection } from '../../open.ts';
import { atomically } from '../../transaction.ts';
import { ops } from '../schema/ops.ts';
import type { OpRepo } from '../types.ts';

const stored = columnsOf(ops);
type Row = OpHeader & { hash: string; body: string };

/** Blanks what a till's own file says about a member who is anonymised. */
export function eraser(raw: Connection): OpRepo['erase'] {
  const whole = raw.prepare<[string], Row>(
    `SELECT ${stored.select} FROM ops WHERE member_id = ? AND commitment IS NULL ORDER BY tseq`,
  );
  const blank = raw.prepare<[string, number]>(
    `UPDATE ops SET salt = '', body = 'null', commitment = ? WHERE tseq = ?`,
  );
  const forget = raw.prepare<[number]>('DELETE FROM pending_keys WHERE tseq = ?');
  return (memberId, { tseq, crypto }) => {
    const personal = whole.all(memberId).filter(({ kind }) => isPersonal(kind));
    const due = personal.filter((op) => op.tseq <= tseq);
    if (due.length === 0) return personal.length;
    atomically(raw, () => {
      for (const op of due) {
        const commitment = crypto.sha256Hex(op.salt + op.body);
        assert(headerHash(op, commitment, crypto) === op.hash, 'an op hashes to what it is kept under');
        blank.run(commitment, op.tseq);
        forget.run(op.tseq);
      }
    });
    // What was there before would lie in the journal until somebody writes over it.
    if (!raw.inTransaction) raw.pragma('wal_checkpoint(TRUNCATE)');
    return personal.length - due.length;
  };
}
