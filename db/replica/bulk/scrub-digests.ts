import {
  accountRowHash,
  addToDigest,
  bucketOfId,
  bucketOfNo,
  cardHash,
  emptyDigest,
  memberHash,
  type DigestTable,
  type TableDigest,
} from '../../../sync/feed/digest.ts';
import type { Connection } from '../../open.ts';
import { rowWalker } from '../repos/rows.ts';

/** Digests of what lies in the file at `cursor`, whatever its notes say. */
export interface Scrubbed {
  cursor: number;
  digests: Record<DigestTable, TableDigest>;
}

/** Hashes every row anew: finds what no write has noted. Seconds at 100,000 members, all of one moment. */
export function scrubDigests(raw: Connection): Scrubbed {
  const digests = { members: emptyDigest(), cards: emptyDigest(), accounts: emptyDigest() };
  raw.exec('BEGIN');
  try {
    const cursor = Number(raw.prepare('SELECT cursor FROM meta').pluck().get());
    rowWalker(raw).eachRow({
      member: (row) =>
        addToDigest(digests.members, bucketOfId(row.memberId), { count: 1, sum: memberHash(row) }),
      card: (row) => addToDigest(digests.cards, bucketOfId(row.cardId), { count: 1, sum: cardHash(row) }),
      account: (row) =>
        addToDigest(digests.accounts, bucketOfNo(row.accountNo ?? 0), { count: 1, sum: accountRowHash(row) }),
    });
    return { cursor, digests };
  } finally {
    raw.exec('COMMIT');
  }
}
