import { assert } from '../../../sync/base/must.ts';
import type { Balance } from '../../../sync/feed/balance-lane.ts';
import { accountHash, accountKinHash, bucketOfNo } from '../../../sync/feed/digest.ts';
import type { AccountRow } from '../../../sync/model/card.ts';
import { roundSpent } from '../../../sync/model/spent-level.ts';
import { columnsOf } from '../../columns.ts';
import type { Connection } from '../../open.ts';
import { accounts } from '../schema/accounts.ts';
import type { DigestNotes } from './digest-keeper.ts';

const columns = columnsOf(accounts, ['rowHash']);

interface StoredFigures extends Balance {
  seq: number;
  kinHash: number;
}

/** Writes accounts, whole or their figures alone, by the number that the centre gave them. */
export function accountWriter(raw: Connection, digests: DigestNotes) {
  const names = [...columns.names, 'row_hash'];
  const find = raw.prepare<[number], StoredFigures>(
    `SELECT account_no AS accountNo, seq, balance, entry_count AS entryCount,
       last_entry_at_ms AS lastEntryAtMs, purchase_count AS purchaseCount,
       spent_minor AS spentMinor, row_hash AS kinHash FROM accounts WHERE account_no = ?`,
  );
  const insert = raw.prepare(
    `INSERT INTO accounts (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})`,
  );
  const replace = raw.prepare(
    `UPDATE accounts SET ${names.map((name) => `${name} = ?`).join(', ')} WHERE account_no = ?`,
  );
  const move = raw.prepare<number[]>(
    `UPDATE accounts SET seq = ?, balance = ?, entry_count = ?, last_entry_at_ms = ?, purchase_count = ?,
       spent_minor = ? WHERE account_no = ?`,
  );
  const note = (accountNo: number, before: StoredFigures | undefined, after: StoredFigures): void =>
    digests.note('accounts', bucketOfNo(accountNo), {
      before: before === undefined ? null : accountHash(before),
      after: accountHash(after),
    });
  /** The rest of a row never changes, and its indexes are left alone. */
  const setFigures = (stored: StoredFigures, change: Balance, seq: number): void => {
    const { accountNo, balance, entryCount, lastEntryAtMs, purchaseCount, spentMinor } = change;
    const figures = {
      ...{ balance, entryCount, lastEntryAtMs, purchaseCount },
      spentMinor: roundSpent(spentMinor, purchaseCount),
    };
    note(accountNo, stored, { ...stored, ...figures });
    move.run(seq, balance, entryCount, lastEntryAtMs, purchaseCount, figures.spentMinor, accountNo);
  };
  return {
    /** @returns True when the account was not there before. */
    writeAccount: (row: AccountRow, isMending: boolean): boolean => {
      const { accountNo } = row;
      assert(accountNo !== null, 'an account of the centre has its number');
      const stored = find.get(accountNo);
      if (stored !== undefined && row.seq < stored.seq) return false;
      const kinHash = accountKinHash(row);
      if (stored?.kinHash === kinHash && !isMending) {
        setFigures(stored, { ...row, accountNo }, row.seq);
        return false;
      }
      note(accountNo, stored, { ...row, accountNo, kinHash });
      const spentMinor = roundSpent(row.spentMinor, row.purchaseCount);
      const values = [...columns.valuesOf({ ...row, spentMinor }), kinHash];
      if (stored === undefined) insert.run(values);
      else replace.run([...values, accountNo]);
      return stored === undefined;
    },
    /** @throws Error When the account is not in the copy: its row has to come first. */
    writeBalance: (change: Balance, seq: number): void => {
      const { accountNo } = change;
      const stored = find.get(accountNo);
      if (stored === undefined)
        throw new Error(`a balance for account ${accountNo}, which is not in the copy: rows come first`);
      if (seq >= stored.seq) setFigures(stored, change, seq);
    },
  };
}
