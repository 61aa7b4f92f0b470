import { columnsOf } from '../../columns.ts';
import type { Connection } from '../../open.ts';
import { signIns } from '../schema/sign-ins.ts';
import type { SignInRepo, StoredSignIn } from '../types.ts';

const stored = columnsOf(signIns);
/** Those of the same kind within it are one line: who tries for a night must not push the others out. */
export const SIGN_INS_TOGETHER_MS = 3_600_000;
/**
 * Of PINs, and of looks: some months of a busy till. By number and not by age: a clock set to 2100 must not empty
 * the list.
 */
export const SIGN_IN_LINES_MAX = 20_000;

export function signInRepo(raw: Connection): SignInRepo {
  const like = raw
    .prepare<[number, number, string, string, string, string, string], number>(
      `SELECT sign_in_no FROM sign_ins WHERE first_ms > ? AND first_ms <= ?
         AND staff_id = ? AND act = ? AND outcome = ? AND place = ? AND member_id = ?
       ORDER BY first_ms DESC LIMIT 1`,
    )
    .pluck();
  const again = raw.prepare<[number, number]>(
    'UPDATE sign_ins SET tries = tries + 1, last_ms = max(last_ms, ?) WHERE sign_in_no = ?',
  );
  const insert = raw.prepare<[number, number, string, string, string, string, string]>(
    `INSERT INTO sign_ins (first_ms, last_ms, tries, staff_id, act, outcome, place, member_id)
     VALUES (?, ?, 1, ?, ?, ?, ?, ?)`,
  );
  const put = raw.prepare<[number, number, number, number, string, string, string, string, string]>(
    `INSERT OR REPLACE INTO sign_ins
       (sign_in_no, first_ms, last_ms, tries, staff_id, act, outcome, place, member_id)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  // Its first and last number say at once that a kind has no more than that; only beyond it is counted, in the index.
  const span = raw
    .prepare<[number, number], number>(
      `SELECT (SELECT max(sign_in_no) FROM sign_ins WHERE (member_id <> '') = ?)
         - (SELECT min(sign_in_no) FROM sign_ins WHERE (member_id <> '') = ?) + 1`,
    )
    .pluck();
  const dropOf = raw.prepare<[number, number, number]>(
    `DELETE FROM sign_ins WHERE (member_id <> '') = ? AND sign_in_no <=
       (SELECT sign_in_no FROM sign_ins WHERE (member_id <> '') = ? ORDER BY sign_in_no DESC LIMIT 1 OFFSET ?)`,
  );
  const drop = (memberId: string): void => {
    const kind = memberId === '' ? 0 : 1;
    if ((span.get(kind, kind) ?? 0) > SIGN_IN_LINES_MAX) dropOf.run(kind, kind, SIGN_IN_LINES_MAX);
  };
  const before = raw.prepare<[number, number], StoredSignIn>(
    `SELECT ${stored.select} FROM sign_ins WHERE sign_in_no < ? ORDER BY sign_in_no DESC LIMIT ?`,
  );
  const beforeOf = raw.prepare<[number, number, number], StoredSignIn>(
    `SELECT ${stored.select} FROM sign_ins WHERE sign_in_no < ? AND (member_id <> '') = ?
     ORDER BY sign_in_no DESC LIMIT ?`,
  );
  return {
    add: ({ atMs, staffId, act, outcome, place, memberId }, counts) => {
      const key = [staffId, act, outcome, place, memberId] as const;
      const known = counts === 'each' ? undefined : like.get(atMs - SIGN_INS_TOGETHER_MS, atMs, ...key);
      if (known !== undefined) {
        if (counts === 'together') again.run(atMs, known);
        return;
      }
      insert.run(atMs, atMs, ...key);
      drop(memberId);
    },
    putBack: ({ signInNo, firstMs, lastMs, tries, staffId, act, outcome, place, memberId }) => {
      put.run(signInNo, firstMs, lastMs, tries, staffId, act, outcome, place, memberId);
      drop(memberId);
    },
    listBefore: (signInNo, limit) => before.all(signInNo, limit),
    listOf: (kind, signInNo, limit) => beforeOf.all(signInNo, kind === 'looks' ? 1 : 0, limit),
  };
}
