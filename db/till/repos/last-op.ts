import type { Connection } from '../../open.ts';
import { onRollBack } from '../../transaction.ts';
import type { LastOp } from '../types.ts';

/**
 * The newest own op, read once and then followed: every op needs it, and only this connection appends. The
 * trigger on the table still checks each op against the row itself, so a wrong one here could only refuse.
 */
export function lastOp(raw: Connection) {
  const latest = raw.prepare<[], LastOp>(
    'SELECT tseq, hash, hlc, business_day AS businessDay FROM ops ORDER BY tseq DESC LIMIT 1',
  );
  let kept: LastOp | null | undefined;
  onRollBack(raw, () => {
    kept = undefined;
  });
  return {
    get: (): LastOp | null => (kept === undefined ? (kept = latest.get() ?? null) : kept),
    /** To be called as soon as the row is in the table, also where its transaction may yet be taken back. */
    follow: (op: LastOp): void => {
      kept = op;
    },
  };
}
