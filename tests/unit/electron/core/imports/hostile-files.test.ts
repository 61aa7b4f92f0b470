import { afterAll, beforeAll, expect, test } from 'vitest';
import { writeZip } from '../../../../../electron/core/imports/sheet/xlsx-writer.ts';
import { openSheet } from '../../../../../electron/core/imports/sheet/xlsx-reader.ts';
import { createCsvReader } from '../../../../../electron/core/imports/reading/csv-reader.ts';
import { FileRefusal } from '../../../../../electron/core/imports/refusal.ts';
import { endTestTill, startTestTill, type TestTill } from '../../../../parts/till.ts';
import { sendFile } from './files.ts';

let till: TestTill;
beforeAll(async () => {
  till = await startTestTill();
  await till.signIn('manager');
});
afterAll(() => endTestTill(till));

const workbook = (sheet: string): Buffer =>
  writeZip([
    { path: 'xl/workbook.xml', text: '<workbook><sheets><sheet name="a" r:id="r1"/></sheets></workbook>' },
    {
      path: 'xl/_rels/workbook.xml.rels',
      text: '<Relationships><Relationship Id="r1" Target="s.xml"/></Relationships>',
    },
    { path: 'xl/s.xml', text: `<worksheet><sheetData>${sheet}</sheetData></worksheet>` },
  ]);

test.each([
  ['a formula without a value far out', '<row r="1"><c r="ZZZ1"><f>1</f></c></row>', 'COLUMNS_TOO_MANY'],
  ['an error far out', '<row r="1"><c r="ZZZ1" t="e"/></row>', 'COLUMNS_TOO_MANY'],
  ['a cell of no column', '<row r="1"><c r="1"><f>1</f></c></row>', 'FILE_DAMAGED'],
  ['a row of no number', '<row r="1.5"><c r="A1"><v>1</v></c></row>', 'FILE_DAMAGED'],
  ['a row further out than a sheet goes', '<row r="9999999"><c r="A1"><v>1</v></c></row>', 'FILE_DAMAGED'],
  ['one text of megabytes', `<row r="1"><c r="A1"><v>${'a'.repeat(3_000_000)}</v></c></row>`, 'FILE_SWOLLEN'],
])('%s refuses the workbook', async (_, sheet, code) => {
  const run = await sendFile(till.client, workbook(sheet), 'a.xlsx');
  expect([run.state, run.refusal?.code]).toEqual(['refused', code]);
});

test('many tags are no long text', async () => {
  const rows = Array.from(
    { length: 40_000 },
    (_, at) => `<row r="${at + 1}"><c r="A${at + 1}"><v>1</v></c></row>`,
  );
  const file = workbook(rows.join(''));
  const sheet = await openSheet({ size: file.length, read: (at) => file.subarray(at) });
  let count = 0;
  for await (const _ of sheet.rows()) count += 1;
  expect(count).toBe(40_000);
});

test('a file of wrong quotes is refused before it is read some thousand times', () => {
  const reader = createCsvReader(',');
  let rows = 0;
  const readAll = (): void => {
    for (const _ of reader.push('"a\n'.repeat(16_000), true)) rows += 1;
  };
  expect(readAll).toThrow(FileRefusal);
  expect(rows).toBeLessThan(2_000);
});

test('ten thousand lines with one wrong quote each cost a line each', () => {
  const reader = createCsvReader(',');
  const found = [...reader.push('"Bobby" Tan,1\n"x",2\n'.repeat(10_000), true)];
  expect(found.filter(({ fault }) => fault === 'QUOTE_LONE')).toHaveLength(10_000);
});
