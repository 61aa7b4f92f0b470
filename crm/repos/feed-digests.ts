import {
  addToDigest,
  DIGEST_MODULUS,
  DIGEST_TABLES,
  emptyDigest,
  type DigestTable,
  type TableDigest,
} from '../../sync/feed/digest.ts';
import { rowsOf, type Sql } from '../database.ts';
import { plainArray } from './arrays.ts';
import { ACCOUNT_COLUMNS } from './rows.ts';

const kindOf = (table: DigestTable): number => DIGEST_TABLES.indexOf(table);

export interface RowHash {
  id: string;
  bucket: number;
  hash: number;
}

/** Keeps the hashes of changed rows and moves their buckets' sums along. */
export async function saveHashes(tx: Sql, table: DigestTable, changed: readonly RowHash[]): Promise<void> {
  const kind = kindOf(table);
  const ids = plainArray(changed.map(({ id }) => id));
  const known = new Map(
    (
      await rowsOf<{ id: string; hash: number }>(
        tx,
        'select id, hash from feed_hashes where kind = $1 and id = any($2::uuid[])',
        [kind, ids],
      )
    ).map(({ id, hash }) => [id, hash]),
  );
  const moved = new Map<number, { rows: number; sum: number }>();
  for (const { id, bucket, hash } of changed) {
    const before = known.get(id);
    const move = moved.get(bucket) ?? { rows: 0, sum: 0 };
    if (before === undefined) move.rows += 1;
    // Kept below the modulus at each step: a plain sum of a page would be rounded.
    move.sum = (move.sum + hash - (before ?? 0)) % DIGEST_MODULUS;
    moved.set(bucket, move);
  }
  await tx.query(
    `insert into feed_hashes (kind, id, hash) select $1, x.id, x.hash
     from unnest($2::uuid[], $3::bigint[]) as x(id, hash)
     on conflict (kind, id) do update set hash = excluded.hash`,
    [kind, ids, plainArray(changed.map(({ hash }) => hash))],
  );
  const buckets = [...moved.entries()];
  await tx.query(
    `insert into feed_digests as d (kind, bucket, rows, sum)
     select $1, x.bucket, x.rows, (x.sum % 281474976710656 + 281474976710656) % 281474976710656
     from unnest($2::smallint[], $3::bigint[], $4::bigint[]) as x(bucket, rows, sum)
     on conflict (kind, bucket) do update set rows = d.rows + excluded.rows,
       sum = (d.sum + excluded.sum) % 281474976710656`,
    [
      kind,
      plainArray(buckets.map(([bucket]) => bucket)),
      plainArray(buckets.map(([, { rows }]) => rows)),
      plainArray(buckets.map(([, { sum }]) => sum)),
    ],
  );
}

/** As of the last cut that noted hashes: `FeedCut.hashedSeq`. */
export async function readDigests(tx: Sql): Promise<Record<DigestTable, TableDigest>> {
  const digests = { members: emptyDigest(), cards: emptyDigest(), accounts: emptyDigest() };
  const lines = await rowsOf<{ kind: number; bucket: number; rows: number; sum: number }>(
    tx,
    'select kind, bucket, rows, sum from feed_digests',
  );
  for (const { kind, bucket, rows, sum } of lines) {
    const table = DIGEST_TABLES[kind];
    if (table !== undefined) addToDigest(digests[table], bucket, { count: rows, sum });
  }
  return digests;
}

const BUCKET_OF: Record<DigestTable, string> = {
  members: `(('x' || right(member_id::text, 3))::bit(12)::int & 1023)`,
  cards: `(('x' || right(card_id::text, 3))::bit(12)::int & 1023)`,
  accounts: 'account_no & 1023',
};

const ROW_OF: Record<DigestTable, string> = {
  members: 't."row"',
  cards: 't."row"',
  accounts: `(select row_to_json(a) from (select ${ACCOUNT_COLUMNS}) a)`,
};

/** The rows of some buckets, as they stand now. Reads the table through: for the few tills that differ. */
export async function listBucketRows(
  tx: Sql,
  table: DigestTable,
  buckets: readonly number[],
): Promise<object[]> {
  const rows = await rowsOf<{ row: object }>(
    tx,
    `select ${ROW_OF[table]} as "row" from ${table} t where ${BUCKET_OF[table]} = any($1::int[])`,
    [buckets],
  );
  return rows.map(({ row }) => row);
}
