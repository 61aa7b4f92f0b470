import {
  addToDigest,
  BUCKETS,
  emptyDigest,
  DIGEST_MODULUS,
  type DigestTable,
  type TableDigest,
} from '../../../sync/feed/digest.ts';
import { must } from '../../../sync/base/must.ts';
import type { Connection } from '../../open.ts';
import { onRollBack } from '../../transaction.ts';

/** A row's hash before and after a change; `before` null: the row is new. */
export interface HashChange {
  before: number | null;
  after: number;
}

/** Notes what a page changes and writes it with `flush`, so that a page costs one write for each table. */
export interface DigestNotes {
  note(table: DigestTable, bucket: number, change: HashChange): void;
  flush(): void;
}

/** @returns 0 .. 2^48 - 1 */
const difference = ({ before, after }: HashChange): number =>
  before === null ? after : (after - before + DIGEST_MODULUS) % DIGEST_MODULUS;

// A copy: what the file gives need not begin at a multiple of eight.
const toNumbers = (body: Buffer): Float64Array<ArrayBuffer> => new Float64Array(new Uint8Array(body).buffer);

/** As `addDigests`, where it was read: each slice of a page does this. */
function addInPlace(stored: Float64Array, { counts, sums }: TableDigest): void {
  for (let at = 0; at < BUCKETS; at += 1) {
    stored[at] = (stored[at] ?? 0) + (counts[at] ?? 0);
    stored[BUCKETS + at] = ((stored[BUCKETS + at] ?? 0) + (sums[at] ?? 0)) % DIGEST_MODULUS;
  }
}

export function toDigest(body: Buffer): TableDigest {
  const numbers = toNumbers(body);
  return { counts: [...numbers.subarray(0, BUCKETS)], sums: [...numbers.subarray(BUCKETS)] };
}

export const toBody = ({ counts, sums }: TableDigest): Buffer =>
  Buffer.from(new Float64Array([...counts, ...sums]).buffer);

/** Both as one: for what came in one way and what came in another. */
export function addDigests(left: TableDigest, right: TableDigest): TableDigest {
  const sum = { counts: [...left.counts], sums: [...left.sums] };
  for (let at = 0; at < BUCKETS; at += 1)
    addToDigest(sum, at, { count: right.counts[at] ?? 0, sum: right.sums[at] ?? 0 });
  return sum;
}

export function digestNotes(raw: Connection): DigestNotes {
  const read = raw.prepare<[string], Buffer>('SELECT body FROM digests WHERE name = ?').pluck();
  const write = raw.prepare<[Buffer, string]>('UPDATE digests SET body = ? WHERE name = ?');
  const noted = new Map<DigestTable, TableDigest>();
  onRollBack(raw, () => noted.clear());
  return {
    note: (table, bucket, change) => {
      let digest = noted.get(table);
      if (digest === undefined) noted.set(table, (digest = emptyDigest()));
      addToDigest(digest, bucket, { count: change.before === null ? 1 : 0, sum: difference(change) });
    },
    flush: () => {
      for (const [table, digest] of noted) {
        const stored = toNumbers(must(read.get(table), 'each table has a digest'));
        addInPlace(stored, digest);
        write.run(Buffer.from(stored.buffer), table);
      }
      noted.clear();
    },
  };
}

/** Digests of what the copy holds at its cursor; null while a bulk fill is not counted yet. */
export function digestReader(raw: Connection) {
  const all = raw.prepare<[], { name: DigestTable; body: Buffer; isWhole: number }>(
    'SELECT name, body, is_whole AS isWhole FROM digests ORDER BY name',
  );
  const whole = raw.prepare<[], number>('SELECT min(is_whole) FROM digests').pluck();
  const recount = raw.prepare('UPDATE digests SET is_whole = 0');
  return {
    isCounted: (): boolean => whole.get() === 1,
    recountDigests: (): void => void recount.run(),
    digests: (): Record<DigestTable, TableDigest> | null => {
      const rows = all.all();
      if (rows.some(({ isWhole }) => isWhole === 0)) return null;
      // Cast: the file has one row for each table, which the first migration wrote.
      return Object.fromEntries(rows.map(({ name, body }) => [name, toDigest(body)])) as Record<
        DigestTable,
        TableDigest
      >;
    },
  };
}
