import { rowsOf, type ChangeLine, type Database, type Sql } from './database.ts';
import { toLogged } from './log.ts';
import type { Centre } from './centre.ts';
import { countAnew } from './count-anew.ts';

/** The last line that is in the database; null where it is older than the journal's form, or empty. */
export async function readMark(sql: Sql): Promise<number | null> {
  const [found] = await rowsOf<{ isThere: boolean }>(
    sql,
    `select to_regclass('trial_mark') is not null as "isThere"`,
  );
  if (found?.isThere !== true) return null;
  const [mark] = await rowsOf<{ lineNo: number }>(sql, 'select line_no as "lineNo" from trial_mark');
  return mark?.lineNo ?? null;
}

/** The same in a dump of a program that knew no journal: what was numbered since is nowhere, and not migrated yet. */
async function countEarlierAnew({ database, crypto }: Pick<Centre, 'database' | 'crypto'>): Promise<void> {
  const tables = `select to_regclass('feed_head') is not null as "hasHead", to_regclass('feed_cut') is not null as "hasCut"`;
  await database.transaction(async (tx) => {
    const [found] = await rowsOf<{ hasHead: boolean; hasCut: boolean }>(tx, tables);
    if (found?.hasHead !== true) return;
    await countAnew(tx, crypto, found.hasCut);
  });
}

const replayOne = (database: Database, { lineNo, changes }: ChangeLine): Promise<void> =>
  database.transaction(async (tx) => {
    for (const [text, values] of changes) await tx.query(text, [...values]);
    await tx.query('update trial_mark set line_no = $1 where id = 1', [lineNo]);
  });

/**
 * Does again what was answered for and is not in the database: after a power cut, or the restore of a dump. Before
 * anything is migrated or recorded. Lines come in their order and without a gap, or not at all.
 *
 * @returns How many lines it took, and how many it could not: their journal is to be kept.
 */
export async function replayJournal(
  { database, crypto, log }: Pick<Centre, 'database' | 'crypto' | 'log'>,
  lines: readonly ChangeLine[],
): Promise<{ taken: number; lost: number }> {
  const mark = await readMark(database.sql);
  if (mark === null) {
    if (database.isRestored) await countEarlierAnew({ database, crypto });
    return { taken: 0, lost: lines.length };
  }
  const missing = lines.filter(({ lineNo }) => lineNo > mark);
  let taken = 0;
  try {
    for (const line of missing) {
      if (line.lineNo !== mark + taken + 1) break;
      await replayOne(database, line);
      taken += 1;
    }
  } catch (cause) {
    log.error({ cause: toLogged(cause), taken }, 'journal: a line can not be done again');
  }
  if (taken > 0 || database.isRestored) await database.transaction((tx) => countAnew(tx, crypto));
  if (taken > 0) log.warn({ lines: taken }, 'journal: what was answered for was written again');
  return { taken, lost: missing.length - taken };
}
