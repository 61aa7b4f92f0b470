import { afterAll, beforeAll, expect, test } from 'vitest';
import { randomUUID } from 'node:crypto';
import type { ImportRow } from '../../../../../electron/contract/imports.ts';
import { IMPORT_BYTES_MAX } from '../../../../../electron/contract/imports.ts';
import { TEMPLATE } from '../../../../../electron/core/imports/columns.ts';
import { writeZip } from '../../../../../electron/core/imports/sheet/xlsx-writer.ts';
import { endTestTill, startTestTill, type TestTill } from '../../../../parts/till.ts';
import { checkFile, csv, reasons, rehearse, sendFile, start } from './files.ts';

let till: TestTill;
beforeAll(async () => {
  till = await startTestTill();
  await till.signIn('manager');
});
afterAll(() => endTestTill(till));

async function rowsOf(runId: string, limit = 200): Promise<ImportRow[]> {
  return till.client['imports.listRows']({ runId, action: null, afterRow: 0, limit });
}
const valuesOf = ({ changes }: ImportRow): Record<string, string> =>
  Object.fromEntries(changes.map(({ field, after }) => [field, after]));

const sheetOf = (rows: string): Buffer =>
  writeZip([
    { path: 'xl/workbook.xml', text: '<workbook><sheets><sheet name="a" r:id="r1"/></sheets></workbook>' },
    {
      path: 'xl/_rels/workbook.xml.rels',
      text: '<Relationships><Relationship Id="r1" Target="s.xml"/></Relationships>',
    },
    { path: 'xl/s.xml', text: `<worksheet><sheetData>${rows}</sheetData></worksheet>` },
  ]);
const text = (value: string): string => `<c t="inlineStr"><is><t>${value}</t></is></c>`;
const rowXml = (...cells: string[]): string => `<row>${cells.join('')}</row>`;

test('error cells of a workbook and formulas without a value have their reason, each in its row', async () => {
  const of = (cell: string, at: number): string => rowXml(text('Tan'), text(`9222000${at}`), cell);
  const cells = [
    '<c t="e"><v>#N/A</v></c>',
    '<c t="e"><v>#REF!</v></c>',
    '<c t="e"><f>1/0</f><v>#DIV/0!</v></c>',
    '<c><f>A1&amp;"x"</f></c>',
    '<c t="str"><f>A1&amp;"x"</f><v>Tanx</v></c>',
    text('#N/A'),
    // Of a spreadsheet in German.
    '<c t="e"><v>#NV</v></c>',
  ];
  const head = rowXml(text('full_name'), text('mobile_number'), text('notes'));
  const run = await rehearse(till.client, sheetOf(head + cells.map(of).join('')));
  expect(await reasons(till.client, run)).toEqual([
    '2 CELL_ERROR',
    '3 CELL_ERROR',
    '4 CELL_ERROR',
    '5 FORMULA_EMPTY',
    '7 CELL_ERROR',
    '8 CELL_ERROR',
  ]);
  // The value that was saved with the formula, never one that is worked out.
  expect(valuesOf((await rowsOf(run.runId))[4] as ImportRow)).toMatchObject({ notes: 'Tanx' });
});

test.each([
  ['17/03/1990', '1990-03-17'],
  ['7.3.1990', '1990-03-07'],
  ['1990-03-17', '1990-03-17'],
  ['1990-03-17T00:00:00', '1990-03-17'],
  ['17/03/90', '1990-03-17'],
  // Nobody is born in the future.
  ['17-03-45', '1945-03-17'],
  ['01/01/26', '2026-01-01'],
  ["'17/03/1990", '1990-03-17'],
  ['32949', '1990-03-17'],
  ['29/02/1990', null],
  ['1990/03/17', null],
  ['17 March 1990', null],
])('a birthday that is written %s is the day %s', async (written, day) => {
  const file = csv(['full_name', 'mobile_number', 'date_of_birth'], ['Tan', '91110001', written]);
  const run = await rehearse(till.client, file);
  const [row] = await rowsOf(run.runId);
  expect(row?.codes.includes('DOB_FORMAT')).toBe(day === null);
  expect(row === undefined ? null : (valuesOf(row)['dateOfBirth'] ?? null)).toBe(day);
});

test('a year of two digits is one to come where a membership ends', async () => {
  const file = csv(['full_name', 'mobile_number', 'membership_expire_date'], ['Tan', '91110001', '17/03/31']);
  const [row] = await rowsOf((await rehearse(till.client, file)).runId);
  expect(valuesOf(row as ImportRow)).toMatchObject({ tierUntil: '2031-03-17' });
});

test.each(['012345', "'012345", '="012345"'])('zeros at the start of %s stay', async (written) => {
  const head = ['full_name', 'mobile_number', 'lookup_id'];
  const file = `${head.join(',')}\nTan,91110001,"${written.replaceAll('"', '""')}"\n`;
  const [row] = await rowsOf((await rehearse(till.client, file)).runId);
  expect(valuesOf(row as ImportRow)).toMatchObject({ lookupId: '012345' });
});

test('a tag in the form of a segment’s has its reason: on no page could it be taken away', async () => {
  const file = csv(
    ['full_name', 'mobile_number', 'tags'],
    ['Tan', '91110001', 'vip'],
    ['Lim', '91110002', 'vip;in:house'],
  );
  expect(await reasons(till.client, await rehearse(till.client, file))).toEqual(['3 TAG_FORMAT']);
});

test('who is in the base already is updated by what names her, and never taken for another', async () => {
  const head = ['full_name', 'mobile_number', 'lookup_id'];
  const base = csv(head, ['Base A', '93330001', 'B-1'], ['Base B', '93330002', 'B-2']);
  await start(till.client, await rehearse(till.client, base));
  const file = csv(
    head,
    ['Base A', '93330002', 'B-1'],
    ['Somebody', '93330002', ''],
    ['Base C', '93330003', 'b-1'],
    ['Nobody', '93330009', 'B-9'],
  );
  const run = await rehearse(till.client, file);
  expect(await reasons(till.client, run)).toEqual(['2 PHONE_TAKEN']);
  expect((await rowsOf(run.runId)).map(({ action }) => action)).toEqual([
    ...['invalid', 'update', 'update', 'create'],
  ]);
  const update = await rehearse(till.client, file, { mode: 'update' });
  expect(await reasons(till.client, update)).toEqual(['2 PHONE_TAKEN', '5 MEMBER_UNKNOWN']);
});

test('a file above a gigabyte is refused before a byte of it is sent', async () => {
  const ask = { runId: randomUUID(), fileName: 'big.csv', byteCount: IMPORT_BYTES_MAX + 1 };
  const refused = await till.client['imports.begin'](ask);
  expect([refused.state, refused.refusal?.code]).toEqual(['refused', 'FILE_TOO_LARGE']);
});

const NASTY = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "'; DROP TABLE members; --",
  '=HYPERLINK("http://x","y")',
  "=cmd|' /C calc'!A0",
  '+1+1',
  '-2+3',
  '@SUM(1)',
  '＝1',
  '{{7*7}}',
  '${7*7}',
  '%00%0a',
  '../../etc/passwd',
  'javascript:alert(1)',
  '<svg/onload=alert(1)>',
];
const STRINGS = Array.from({ length: 150 }, (_, at) => `${NASTY[at % NASTY.length] ?? ''} ${at}`);
/** Columns whose text comes as it is, by the field that has it; the others say why not, or leave it out. */
const TEXTS: Readonly<Record<string, string>> = {
  ...{ last_name: 'lastName', first_name: 'firstName', lookup_id: 'lookupId', notes: 'notes' },
  ...{ address_street_1: 'street1', address_street_2: 'street2', address_city: 'city' },
  ...{ address_postal_code: 'postalCode', address_state: 'region', address_country: 'country' },
  ...{ prefix: 'prefix', membership_tier: 'tier', identifier_value: 'identifierValue' },
  ...{ identifier_type: 'identifierType', fax_number: 'fax' },
};
const BESIDE = ['card_number', 'tags', 'last_name', 'first_name', 'customer_type'];

test.each([...TEMPLATE.map(({ name }) => name), ...BESIDE])(
  '150 strings that would be code elsewhere are text or have a reason in %s',
  async (column) => {
    const given = { full_name: 'Tan', mobile_number: '' };
    const head = [...new Set(['full_name', 'mobile_number', column])];
    const lines = STRINGS.map((nasty, at) =>
      head.map((name) =>
        name === column ? nasty : name === 'full_name' ? given.full_name : `8${String(4_000_000 + at)}`,
      ),
    );
    const opened = await sendFile(till.client, Buffer.from(csv(head, ...lines)));
    const run = await checkFile(till.client, opened);
    const rows = await rowsOf(run.runId);
    expect(rows).toHaveLength(150);
    const field = TEXTS[column];
    const isTold = (row: ImportRow): boolean => row.codes.length > 0;
    expect(rows.filter(({ action }) => action === 'invalid').every(isTold)).toBe(true);
    // A number that is a name may have a quote before it so that a spreadsheet keeps its zeros.
    const textOf = (at: number): string =>
      (STRINGS[at] ?? '').replace(field === 'lookupId' ? /^'/ : /^$/, '');
    const taken = [...rows.entries()].filter(([, { action }]) => action !== 'invalid' && field !== undefined);
    expect(taken.map(([, row]) => valuesOf(row)[field ?? ''])).toEqual(taken.map(([at]) => textOf(at)));
  },
);
