import { join } from 'node:path';
import { expect, test } from 'vitest';
import { importsMigrations, openImports } from '../../../../db/imports/open.ts';
import { migrate } from '../../../../db/migrate.ts';
import { openFile } from '../../../../db/open.ts';
import { KEY, tempFolder } from '../files.ts';

test('rows of a file from before their texts had a table of their own are read as they were', () => {
  const path = join(tempFolder(), 'imports.db');
  const raw = openFile({ path, keyHex: KEY, file: 'imports' });
  migrate(raw, { path, migrations: importsMigrations.slice(0, 1), hasBackup: false });
  raw.exec(`INSERT INTO import_runs (run_no, run_id, state, body) VALUES (1, '${'r'.repeat(36)}', 'checked', '{}');
    INSERT INTO import_rows (run_no, row_no, action, status, codes, cells, given, member_id, former)
    VALUES (1, 2, 'create', 'checked', '', '["Tan"]', '{"a":1}', '', 'f')`);
  raw.close();
  const db = openImports({ path, keyHex: KEY });
  const row = { rowNo: 2, action: 'create', status: 'checked', codes: '', memberId: '', former: 'f' };
  expect(db.listRows(1, 0, 9)).toEqual([{ ...row, cells: '["Tan"]', given: '{"a":1}' }]);
  expect(db.quickly(() => db.dropRows(1, 9))).toBe(true);
  expect(db.dropRows(1, 9)).toBe(false);
  db.close();
});

test('a commit that waits for the disk and one that does not take turns, each a unit', () => {
  const path = join(tempFolder(), 'imports.db');
  const db = openImports({ path, keyHex: KEY });
  const add = (runId: string): number => db.addRun({ runId: runId.repeat(36), state: 'checked', body: '{}' });
  expect([db.quickly(() => add('a')), db.transaction(() => add('b')), db.quickly(() => add('c'))]).toEqual([
    1, 2, 3,
  ]);
  expect(() => db.transaction(() => add('a'))).toThrow('UNIQUE');
  expect(db.listRuns(9, 9)).toHaveLength(3);
  db.close();
});
