import { guard } from '../../errors.ts';
import type { Connection } from '../../open.ts';
import { transact } from '../../transaction.ts';
import { readBulkRows } from './bulk-rows.ts';
import { openFill, readFill, type FillFile } from './fill-file.ts';

/** Where the snapshot stands: its epoch, and the number of the feed up to which it is complete. */
export interface FillEnd {
  epoch: string;
  cursor: number;
}

/** No row comes after these before the file is ready. */
function noteLastRows(raw: Connection): void {
  raw.exec(
    'UPDATE bulk_rows SET members = (SELECT coalesce(max(rowid), 0) FROM members), ' +
      'cards = (SELECT coalesce(max(rowid), 0) FROM cards)',
  );
}

/** An index of the rows up to the fill's last, or of those behind it, says so with the number itself. */
function withLastRow(raw: Connection, sql: string): string {
  const last = readBulkRows(raw);
  const row = / ON members /.test(sql) ? last.members : last.cards;
  return sql.replace(/rowid (<=|>) 0$/, (_, sign: string) => `rowid ${sign} ${row}`);
}

/** What a cut may cost; each commit waits for the disk three times. */
const COMMIT_EVERY_MS = 2_000;

/** The tables of a hundred thousand members: an index reads pages that the one before has deciphered. */
const CACHE_KIB = 64 * 1024;

/** Declares the file ready. Its search keys are of no rules at all: whoever opens it sees that they are to be made. */
function declareReady(raw: Connection, { epoch, cursor }: FillEnd): void {
  raw.prepare<[string, number]>('UPDATE meta SET epoch = ?, cursor = ?, settled = 0').run(epoch, cursor);
  raw.exec('UPDATE digests SET is_whole = 0; DELETE FROM bulk_fill');
}

/**
 * Makes the indexes, a few in one transaction, then declares the file ready, with the last of them: card numbers
 * and mobiles are found from then on. What was made before a cut stays.
 *
 * @throws DbError
 */
export function finishFill(file: FillFile, end: FillEnd): void {
  guard('replica', () => {
    const raw = openFill(file);
    try {
      if (readFill(raw).isReady) return;
      raw.pragma(`cache_size = -${CACHE_KIB}`);
      const next = raw.prepare<[], { name: string; sql: string }>(
        'SELECT name, sql FROM bulk_indexes ORDER BY name LIMIT 1',
      );
      const forget = raw.prepare<[string]>('DELETE FROM bulk_indexes WHERE name = ?');
      /** @returns false when none was left */
      const makeSome = (): boolean => {
        const endMs = performance.now() + COMMIT_EVERY_MS;
        noteLastRows(raw);
        do {
          const index = next.get();
          if (index === undefined) {
            declareReady(raw, end);
            return false;
          }
          raw.exec(withLastRow(raw, index.sql));
          forget.run(index.name);
        } while (performance.now() < endMs);
        return true;
      };
      while (transact(raw, makeSome));
    } finally {
      raw.close();
    }
  });
}
