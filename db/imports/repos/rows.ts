import type { Connection } from '../../open.ts';
import type { ImportsDb, RowAction, RowOutcome, StagedRow } from '../types.ts';

const COLUMNS = `r.row_no AS rowNo, action, status, codes, t.cells, t.given, member_id AS memberId, former
  FROM import_rows AS r CROSS JOIN import_texts AS t ON t.run_no = r.run_no AND t.row_no = r.row_no`;

type RowMethods = Pick<
  ImportsDb,
  | 'addRow'
  | 'saveRow'
  | 'row'
  | 'rowAbout'
  | 'listRows'
  | 'listByAction'
  | 'countRows'
  | 'dropRows'
  | 'blankRows'
  | 'blankNobodys'
  | 'erase'
>;

export const importRowRepo = (raw: Connection): RowMethods => ({
  ...rowWriter(raw),
  ...rowBlanker(raw),
  ...rowReader(raw),
});

function rowWriter(raw: Connection): Pick<RowMethods, 'addRow' | 'saveRow' | 'dropRows'> {
  const insert = raw.prepare(
    `INSERT OR REPLACE INTO import_rows
     (run_no, row_no, action, status, codes, cells, given, member_id, former) VALUES (?, ?, ?, ?, ?, '', '', ?, ?)`,
  );
  const insertTexts = raw.prepare(
    'INSERT OR REPLACE INTO import_texts (run_no, row_no, cells, given) VALUES (?, ?, ?, ?)',
  );
  const update = raw.prepare(
    `UPDATE import_rows SET action = ?, status = ?, codes = ?, member_id = ?, former = coalesce(?, former)
     WHERE run_no = ? AND row_no = ?`,
  );
  const [dropTexts, drop] = ['import_texts', 'import_rows'].map((table) =>
    raw.prepare<[number, number, number]>(
      `DELETE FROM ${table} WHERE run_no = ? AND row_no IN
       (SELECT row_no FROM ${table} WHERE run_no = ? ORDER BY row_no LIMIT ?)`,
    ),
  );
  return {
    addRow: (runNo, { rowNo, action, status, codes, memberId, former, cells, given }: StagedRow) => {
      insert.run([runNo, rowNo, action, status, codes, memberId, former]);
      insertTexts.run([runNo, rowNo, cells, given]);
    },
    saveRow: (runNo, { rowNo, action, status, codes, memberId, former }: RowOutcome) =>
      void update.run([action, status, codes, memberId, former ?? null, runNo, rowNo]),
    dropRows: (runNo, limit) => {
      const dropped = [dropTexts, drop].map((each) => each?.run(runNo, runNo, limit).changes ?? 0);
      return dropped.some((count) => count > 0);
    },
  };
}

/** `former` lies beside the row, the other texts in a table of their own. */
function rowBlanker(raw: Connection): Pick<RowMethods, 'blankRows' | 'blankNobodys' | 'erase'> {
  type Upto = [number, number, number];
  const both = <Parameters extends unknown[]>(texts: string, former: string) => {
    const [first, second] = [raw.prepare<Parameters>(texts), raw.prepare<Parameters>(former)];
    return (...parameters: Parameters): void => {
      first.run(...parameters);
      second.run(...parameters);
    };
  };
  const lastOf = (text: string) => raw.prepare<Upto, number | null>(text).pluck();
  const upTo = lastOf(`SELECT max(row_no) FROM
    (SELECT row_no FROM import_rows WHERE run_no = ? AND row_no > ? ORDER BY row_no LIMIT ?)`);
  const nobodysUpTo = lastOf(`SELECT max(row_no) FROM (SELECT row_no FROM import_rows
    WHERE run_no = ? AND action = 'invalid' AND row_no > ? ORDER BY row_no LIMIT ?)`);
  const blank = both<Upto>(
    `UPDATE import_texts SET cells = '', given = '' WHERE run_no = ? AND row_no > ? AND row_no <= ?`,
    `UPDATE import_rows SET former = '' WHERE run_no = ? AND row_no > ? AND row_no <= ?`,
  );
  const blankNobodys = both<Upto>(
    `UPDATE import_texts SET cells = '', given = '' WHERE (run_no, row_no) IN
     (SELECT run_no, row_no FROM import_rows
      WHERE run_no = ? AND row_no > ? AND row_no <= ? AND action = 'invalid' AND member_id = '')`,
    `UPDATE import_rows SET former = ''
     WHERE run_no = ? AND row_no > ? AND row_no <= ? AND action = 'invalid' AND member_id = ''`,
  );
  const eraseOf = both<[string]>(
    `UPDATE import_texts SET cells = '', given = '' WHERE (run_no, row_no) IN
     (SELECT run_no, row_no FROM import_rows WHERE member_id = ? AND member_id <> '')`,
    `UPDATE import_rows SET former = '' WHERE member_id = ? AND member_id <> ''`,
  );
  return {
    blankRows: (runNo, afterRow, limit) => {
      const last = upTo.get(runNo, afterRow, limit) ?? null;
      if (last !== null) blank(runNo, afterRow, last);
      return last;
    },
    blankNobodys: (runNo, afterRow, limit) => {
      const last = nobodysUpTo.get(runNo, afterRow, limit) ?? null;
      if (last !== null) blankNobodys(runNo, afterRow, last);
      return last;
    },
    erase: (memberId) => eraseOf(memberId),
  };
}

function rowReader(
  raw: Connection,
): Pick<RowMethods, 'row' | 'rowAbout' | 'listRows' | 'listByAction' | 'countRows'> {
  const one = raw.prepare<[number, number], StagedRow>(
    `SELECT ${COLUMNS} WHERE r.run_no = ? AND r.row_no = ?`,
  );
  const about = raw.prepare<[string, number], StagedRow>(
    `SELECT ${COLUMNS} WHERE member_id = ? AND member_id <> '' AND r.run_no = ? AND action <> 'invalid' LIMIT 1`,
  );
  const after = raw.prepare<[number, number, number], StagedRow>(
    `SELECT ${COLUMNS} WHERE r.run_no = ? AND r.row_no > ? ORDER BY r.row_no LIMIT ?`,
  );
  const byAction = raw.prepare<[number, RowAction, number, number], StagedRow>(
    `SELECT ${COLUMNS} WHERE r.run_no = ? AND action = ? AND r.row_no > ? ORDER BY r.row_no LIMIT ?`,
  );
  const counts = raw.prepare<[number], ReturnType<ImportsDb['countRows']>[number]>(
    'SELECT action, status, count(*) AS count FROM import_rows WHERE run_no = ? GROUP BY action, status',
  );
  return {
    row: (runNo, rowNo) => one.get(runNo, rowNo),
    rowAbout: (runNo, memberId) => about.get(memberId, runNo),
    listRows: (runNo, afterRow, limit) => after.all(runNo, afterRow, limit),
    listByAction: (runNo, action, { rowNo, limit }) => byAction.all(runNo, action, rowNo, limit),
    countRows: (runNo) => counts.all(runNo),
  };
}
