import { rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openImports } from '../../../../../db/imports/open.ts';
import { openFile } from '../../../../../db/open.ts';
import { must } from '../../../../../sync/base/must.ts';
import { KEY_HEX, makeFolder, openTestTill, seedFolder, type TestTill } from '../../../../parts/till.ts';
import { rehearse } from './files.ts';

let dir: string;
let till: TestTill;
const open = async (): Promise<void> => {
  till = openTestTill(dir);
  await till.signIn('manager');
};
beforeEach(async () => {
  dir = makeFolder();
  await seedFolder(dir);
  await open();
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const ROWS = 3_000;
/** Some three megabytes. */
const file = (): string =>
  `full_name,mobile_number,notes\n${Array.from(
    { length: ROWS },
    (_, at) => `Back ${at},${80_000_000 + at},${'n'.repeat(980)}\n`,
  ).join('')}`;
const path = (): string => join(dir, 'imports.db');

/** What the file of imports still holds of files and rows, and its pages that hold nothing. */
function held(): number[] {
  const raw = openFile({ path: path(), keyHex: KEY_HEX, file: 'imports' });
  const count = (table: string) => Number(raw.prepare(`SELECT count(*) FROM ${table}`).pluck().get());
  const all = ['import_pieces', 'import_rows', 'import_texts'].map(count);
  all.push(Number(raw.pragma('freelist_count', { simple: true })));
  raw.close();
  return all;
}
const NOTHING = [0, 0, 0, 0];
const SMALL = 500_000;

test('a cancelled rehearsal is forgotten behind the answer, and its room goes back to the disk', async () => {
  const { runId, counts } = await rehearse(till.client, file());
  expect(counts.valid).toBe(ROWS);
  expect(statSync(path()).size).toBeGreaterThan(2_000_000);
  expect(await till.client['imports.cancel']({ runId })).toMatchObject({ state: 'cancelled' });
  await expect.poll(held, { timeout: 30_000 }).toEqual(NOTHING);
  // While the program runs: a till is on for weeks.
  await expect.poll(() => statSync(path()).size, { timeout: 30_000 }).toBeLessThan(SMALL);
  await till.close();
});

/** As an end right behind the answer leaves it: cancelled, and nothing of it forgotten yet. */
function cancelByHand(runId: string): void {
  const db = openImports({ path: path(), keyHex: KEY_HEX });
  db.saveRun({ ...must(db.findRun(runId), 'it was rehearsed'), state: 'cancelled' });
  db.close();
}

test('what an end cut off of that is done at the next start', async () => {
  const { runId } = await rehearse(till.client, file());
  await till.close();
  cancelByHand(runId);
  expect(held()).not.toEqual(NOTHING);
  await open();
  // As main does once it is open: what was left goes on.
  till.core.start();
  await expect.poll(held, { timeout: 30_000 }).toEqual(NOTHING);
  await till.close();
  expect(statSync(path()).size).toBeLessThan(SMALL);
});
