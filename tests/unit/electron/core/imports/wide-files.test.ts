import { afterAll, beforeAll, expect, test } from 'vitest';
import { IMPORT_BYTES_MAX } from '../../../../../electron/contract/imports.ts';
import { writeXlsx, writeZip } from '../../../../../electron/core/imports/sheet/xlsx-writer.ts';
import { openSheet } from '../../../../../electron/core/imports/sheet/xlsx-reader.ts';
import { EXTRAS_MAX } from '../../../../../sync/model/extras.ts';
import { endTestTill, startTestTill, type TestTill } from '../../../../parts/till.ts';
import { csv, reasons, rehearse, sendFile, start } from './files.ts';

let till: TestTill;
beforeAll(async () => {
  till = await startTestTill();
  await till.signIn('manager');
});
afterAll(() => endTestTill(till));

const HEAD = 'full_name,mobile_number';

test('a file of ten million columns is refused as a whole, and costs no memory that lasts (R-F2)', async () => {
  const before = process.memoryUsage().rss;
  const run = await rehearse(till.client, `${HEAD}${','.repeat(10_000_000)}\nTan,91110001\n`);
  expect({ state: run.state, code: run.refusal?.code, valid: run.counts.valid }).toEqual({
    ...{ state: 'refused', code: 'COLUMNS_TOO_MANY', valid: 0 },
  });
  expect(process.memoryUsage().rss - before).toBeLessThan(200 * 1024 * 1024);
});

test('a workbook of a hundred thousand sheets is refused before a sheet is read (R-F2)', async () => {
  const sheets = Array.from({ length: 100_000 }, (_, at) => `<sheet name="s${at}" r:id="r${at}"/>`);
  const parts = Array.from({ length: 2_000 }, (_, at) => ({ path: `xl/s${at}.xml`, text: '' }));
  const book = { path: 'xl/workbook.xml', text: `<workbook><sheets>${sheets.join('')}</sheets></workbook>` };
  const run = await sendFile(till.client, writeZip([book, ...parts]), 'a.xlsx');
  expect({ state: run.state, code: run.refusal?.code }).toEqual({ state: 'refused', code: 'FILE_SWOLLEN' });
});

test('lines may end in any way, each in its own, and none is lost or doubled (R-F2)', async () => {
  const lines = ['Tan,81230001', 'Lim,81230002', '"Ng, A",81230003', 'Ong,81230004'];
  const ends = ['\r\n', '\n', '\r', '\r\n', '\n'];
  const file = [HEAD, ...lines].map((line, at) => `${line}${ends[at] ?? '\n'}`).join('');
  const run = await rehearse(till.client, file);
  expect(run.counts).toMatchObject({ rows: 4, valid: 4, invalid: 0 });
});

test('a file of more bytes than may be is refused before one of them is taken (R-F2)', async () => {
  const runId = '0198a5b0-0000-7000-8000-000000000001';
  const run = await till.client['imports.begin']({
    ...{ runId, fileName: 'members.csv', byteCount: IMPORT_BYTES_MAX + 1 },
  });
  expect({ state: run.state, code: run.refusal?.code }).toEqual({ state: 'refused', code: 'FILE_TOO_LARGE' });
});

/** So many attributes of the chain's own, named as their ids. */
async function addAttributes(count: number): Promise<string[]> {
  const ids = Array.from({ length: count }, (_, at) => `own${at}`);
  for (const id of ids) {
    const body = { attributeId: id, version: 1, name: id };
    await till.client['documents.save']({ opId: till.opId(), kind: 'attribute', id, baseVersion: 0, body });
  }
  return ids;
}

test('a row of more attributes than one action carries is told in the rehearsal, and the others run', async () => {
  const ids = await addAttributes(EXTRAS_MAX + 1);
  const most = ids.map((_, at) => (at < EXTRAS_MAX ? 'x' : ''));
  const file = csv(
    ['full_name', 'mobile_number', ...ids],
    ['Tan', '81240001', ...ids.map(() => 'x')],
    ['Lim', '81240002', ...most],
  );
  const checked = await rehearse(till.client, file);
  expect(checked.counts).toMatchObject({ valid: 1, invalid: 1 });
  expect(await reasons(till.client, checked)).toEqual(['2 CUSTOM_TOO_MANY']);
  expect(await start(till.client, checked)).toMatchObject({ state: 'done', counts: { done: 1 } });
});

test('a workbook is written with as many rows as anybody has, and read back', async () => {
  const rows = 200_000;
  const bytes = writeXlsx(Array.from({ length: rows }, () => ['a']));
  const sheet = await openSheet({ size: bytes.length, read: (at) => bytes.subarray(at) });
  let last = 0;
  for await (const { rowNo } of sheet.rows()) last = rowNo;
  sheet.close();
  expect(last).toBe(rows);
});
