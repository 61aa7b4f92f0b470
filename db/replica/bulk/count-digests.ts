import {
  accountHash,
  addToDigest,
  bucketOfId,
  bucketOfNo,
  DIGEST_MODULUS,
  DIGEST_TABLES,
  emptyDigest,
  type AccountFigures,
  type DigestTable,
  type TableDigest,
} from '../../../sync/feed/digest.ts';
import { must } from '../../../sync/base/must.ts';
import type { Connection } from '../../open.ts';
import { transact } from '../../transaction.ts';
import { addDigests, toBody, toDigest } from '../repos/digest-keeper.ts';

/** Sums of stored hashes over all rows, read one at a time: sorted by bucket they would not fit in memory. */
function countTable(raw: Connection, table: DigestTable): TableDigest {
  const digest = emptyDigest();
  if (table === 'accounts') {
    const all = raw.prepare<[], AccountFigures>(
      `SELECT row_hash AS kinHash, account_no AS accountNo, balance, entry_count AS entryCount,
         last_entry_at_ms AS lastEntryAtMs, purchase_count AS purchaseCount, spent_minor AS spentMinor
       FROM accounts`,
    );
    for (const row of all.iterate())
      addToDigest(digest, bucketOfNo(row.accountNo), { count: 1, sum: accountHash(row) });
    return digest;
  }
  const id = table === 'members' ? 'member_id' : 'card_id';
  const all = raw.prepare<[], { id: string; sum: number }>(
    `SELECT ${id} AS id, row_hash AS sum FROM ${table}`,
  );
  for (const row of all.iterate()) addToDigest(digest, bucketOfId(row.id), { count: 1, sum: row.sum });
  return digest;
}

const negated = ({ counts, sums }: TableDigest): TableDigest => ({
  counts: counts.map((count) => -count),
  sums: sums.map((sum) => (DIGEST_MODULUS - sum) % DIGEST_MODULUS),
});

/**
 * Counts what a bulk fill brought, on a connection of its own: all rows as of one moment. What pages added
 * since the fill was noted beside; what was noted until that moment is in the rows, so it is taken off.
 */
export function countDigests(raw: Connection): void {
  const body = raw.prepare<[string], Buffer>('SELECT body FROM digests WHERE name = ?').pluck();
  const isWhole = raw.prepare<[string], number>('SELECT is_whole FROM digests WHERE name = ?').pluck();
  const write = raw.prepare<[Buffer, string]>('UPDATE digests SET body = ?, is_whole = 1 WHERE name = ?');
  const noted = (table: DigestTable): TableDigest =>
    toDigest(must(body.get(table), 'each table has a digest'));
  for (const table of DIGEST_TABLES) {
    if (isWhole.get(table) === 1) continue;
    raw.exec('BEGIN');
    let counted: TableDigest;
    try {
      counted = addDigests(countTable(raw, table), negated(noted(table)));
    } finally {
      raw.exec('COMMIT');
    }
    transact(raw, () => write.run(toBody(addDigests(counted, noted(table))), table));
  }
}
