import type { Connection } from '../../open.ts';
import type { ImportsDb, RowAction, RowOutcome, StagedRow } from '../types.ts';

const COLUMNS =
  'row_no AS rowNo, action, status, codes, cells, given, member_id AS memberId, former FROM import_rows';

type RowMethods = Pick<
  ImportsDb,
  | 'addRow'
  | 'saveRow'
  | 'row'
  | 'listRows'
  | 'listByAction'
  | 'countRows'
  | 'dropRows'
  | 'blankRows'
  | 'blankNobodys'
  | 'erase'
>;

export const importRowRepo = (raw: Connection): RowMethods => ({ ...rowWriter(raw), ...rowReader(raw) });

function rowWriter(
  raw: Connection,
): Pick<RowMethods, 'addRow' | 'saveRow' | 'dropRows' | 'blankRows' | 'blankNobodys' | 'erase'> {
  const insert = raw.prepare(
    `INSERT OR REPLACE INTO import_rows
     (run_no, row_no, action, status, codes, cells, given, member_id, former) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const update = raw.prepare(
    `UPDATE import_rows SET action = ?, status = ?, codes = ?, member_id = ?,
     former = coalesce(?, former), cells = coalesce(?, cells),
     given = coalesce(?, given) WHERE run_no = ? AND row_no = ?`,
  );
  const drop = raw.prepare<[number, number, number]>(
    `DELETE FROM import_rows WHERE run_no = ? AND row_no IN
     (SELECT row_no FROM import_rows WHERE run_no = ? ORDER BY row_no LIMIT ?)`,
  );
  const upTo = raw
    .prepare<[number, number, number], number | null>(
      `SELECT max(row_no) FROM
       (SELECT row_no FROM import_rows WHERE run_no = ? AND row_no > ? ORDER BY row_no LIMIT ?)`,
    )
    .pluck();
  const blank = raw.prepare<[number, number, number]>(
    `UPDATE import_rows SET cells = '', given = '', former = '' WHERE run_no = ? AND row_no > ? AND row_no <= ?`,
  );
  const nobodysUpTo = raw
    .prepare<[number, number, number], number | null>(
      `SELECT max(row_no) FROM (SELECT row_no FROM import_rows
       WHERE run_no = ? AND action = 'invalid' AND row_no > ? ORDER BY row_no LIMIT ?)`,
    )
    .pluck();
  const blankNobodys = raw.prepare<[number, number, number]>(
    `UPDATE import_rows SET cells = '', given = '', former = ''
     WHERE run_no = ? AND action = 'invalid' AND row_no > ? AND row_no <= ? AND member_id = '' AND cells <> ''`,
  );
  const eraseOf = raw.prepare<[string]>(
    `UPDATE import_rows SET cells = '', given = '', former = '' WHERE member_id = ? AND member_id <> ''`,
  );
  return {
    addRow: (runNo, row: StagedRow) =>
      void insert.run([
        ...[runNo, row.rowNo, row.action, row.status, row.codes, row.cells, row.given],
        ...[row.memberId, row.former],
      ]),
    saveRow: (runNo, row: RowOutcome) =>
      void update.run([
        ...[row.action, row.status, row.codes, row.memberId, row.former ?? null],
        ...[row.cells ?? null, row.given ?? null, runNo, row.rowNo],
      ]),
    dropRows: (runNo, limit) => drop.run(runNo, runNo, limit).changes > 0,
    blankRows: (runNo, afterRow, limit) => {
      const last = upTo.get(runNo, afterRow, limit) ?? null;
      if (last !== null) blank.run(runNo, afterRow, last);
      return last;
    },
    blankNobodys: (runNo, afterRow, limit) => {
      const last = nobodysUpTo.get(runNo, afterRow, limit) ?? null;
      if (last !== null) blankNobodys.run(runNo, afterRow, last);
      return last;
    },
    erase: (memberId) => void eraseOf.run(memberId),
  };
}

function rowReader(raw: Connection): Pick<RowMethods, 'row' | 'listRows' | 'listByAction' | 'countRows'> {
  const one = raw.prepare<[number, number], StagedRow>(`SELECT ${COLUMNS} WHERE run_no = ? AND row_no = ?`);
  const after = raw.prepare<[number, number, number], StagedRow>(
    `SELECT ${COLUMNS} WHERE run_no = ? AND row_no > ? ORDER BY row_no LIMIT ?`,
  );
  const byAction = raw.prepare<[number, RowAction, number, number], StagedRow>(
    `SELECT ${COLUMNS} WHERE run_no = ? AND action = ? AND row_no > ? ORDER BY row_no LIMIT ?`,
  );
  const counts = raw.prepare<[number], ReturnType<ImportsDb['countRows']>[number]>(
    'SELECT action, status, count(*) AS count FROM import_rows WHERE run_no = ? GROUP BY action, status',
  );
  return {
    row: (runNo, rowNo) => one.get(runNo, rowNo),
    listRows: (runNo, afterRow, limit) => after.all(runNo, afterRow, limit),
    listByAction: (runNo, action, { rowNo, limit }) => byAction.all(runNo, action, rowNo, limit),
    countRows: (runNo) => counts.all(runNo),
  };
}
