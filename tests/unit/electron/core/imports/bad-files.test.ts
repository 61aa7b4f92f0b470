import { afterAll, beforeAll, expect, test } from 'vitest';
import { TEMPLATE } from '../../../../../electron/core/imports/columns.ts';
import { writeXlsx, writeZip } from '../../../../../electron/core/imports/sheet/xlsx-writer.ts';
import { endTestTill, startTestTill, type TestTill } from '../../../../parts/till.ts';
import { checkFile, csv, reasons, rehearse, sendFile, start } from './files.ts';

let till: TestTill;
beforeAll(async () => {
  till = await startTestTill();
  await till.signIn('manager');
});
afterAll(() => endTestTill(till));

const HEAD = 'full_name,mobile_number';
const row = (cells: Record<string, string>): string =>
  csv(['full_name', 'mobile_number', ...Object.keys(cells)], ['Tan', '91110001', ...Object.values(cells)]);
const utf16 = (text: string, isBig: boolean): Buffer => {
  const bytes = Buffer.from(`\uFEFF${text}`, 'utf16le');
  return isBig ? bytes.swap16() : bytes;
};

test.each([
  ['an empty file', '', 'FILE_EMPTY'],
  ['headers only', `${HEAD}\n`, 'FILE_EMPTY'],
  ['a picture', Buffer.from('\x89PNG\r\n\x1a\n0000', 'latin1'), 'FILE_KIND'],
  ['a workbook with a password', Buffer.from('d0cf11e0a1b11ae1', 'hex'), 'FILE_LOCKED'],
  ['a broken archive', Buffer.from('PK\x03\x04 and nothing', 'latin1'), 'FILE_DAMAGED'],
  ['an archive of something else', writeZip([{ path: 'a.txt', text: 'b' }]), 'FILE_DAMAGED'],
  ['a file without a name column', 'mobile_number\n91110001\n', 'HEADER_MISSING'],
])('%s is told as a whole: nothing of it is taken', async (_, file, code) => {
  const run = await rehearse(till.client, file);
  expect({ code: run.refusal?.code, valid: run.counts.valid }).toEqual({ code, valid: 0 });
});

test('a part that swells to gigabytes is not read', async () => {
  const bomb = writeZip([
    { path: 'xl/workbook.xml', text: '<workbook><sheets><sheet name="a" r:id="r1"/></sheets></workbook>' },
    {
      path: 'xl/_rels/workbook.xml.rels',
      text: '<Relationships><Relationship Id="r1" Target="s.xml"/></Relationships>',
    },
    { path: 'xl/s.xml', text: `<worksheet>${' '.repeat(8_000_000)}</worksheet>` },
  ]);
  // What the directory says of the last part: more than may be unpacked.
  const at = bomb.lastIndexOf('PK\x01\x02', undefined, 'latin1');
  bomb.writeUInt32LE(0x7fffffff, at + 24);
  expect((await sendFile(till.client, bomb, 'a.xlsx')).refusal).toMatchObject({ code: 'FILE_SWOLLEN' });
});

test('a part that unpacks to more than its directory says is not read on', async () => {
  const sheet = `<worksheet><sheetData>${'<row><c><v>1</v></c></row>'.repeat(200_000)}</sheetData></worksheet>`;
  const bomb = writeZip([
    { path: 'xl/workbook.xml', text: '<workbook><sheets><sheet name="a" r:id="r1"/></sheets></workbook>' },
    {
      path: 'xl/_rels/workbook.xml.rels',
      text: '<Relationships><Relationship Id="r1" Target="s.xml"/></Relationships>',
    },
    { path: 'xl/s.xml', text: sheet },
  ]);
  bomb.writeUInt32LE(100, bomb.lastIndexOf('PK\x01\x02', undefined, 'latin1') + 24);
  expect((await sendFile(till.client, bomb, 'a.xlsx')).refusal).toMatchObject({ code: 'FILE_DAMAGED' });
});

test('no entity of a workbook is resolved', async () => {
  const evil = writeZip([
    { path: 'xl/workbook.xml', text: '<workbook><sheets><sheet name="a" r:id="r1"/></sheets></workbook>' },
    {
      path: 'xl/_rels/workbook.xml.rels',
      text: '<Relationships><Relationship Id="r1" Target="s.xml"/></Relationships>',
    },
    {
      path: 'xl/s.xml',
      text: '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/hostname">]><worksheet><sheetData>&b;</sheetData></worksheet>',
    },
  ]);
  expect((await sendFile(till.client, evil, 'a.xlsx')).refusal).toMatchObject({ code: 'FILE_DAMAGED' });
});

test.each([
  ['no name', csv(['full_name', 'mobile_number'], ['', '91110001']), 'NAME_MISSING'],
  ['no mobile', csv(['full_name', 'mobile_number'], ['Tan', '']), 'MOBILE_MISSING'],
  ['a spoilt number', csv(['full_name', 'mobile_number'], ['Tan', '6.59111E+09']), 'PHONE_EXPONENT'],
  ['a spoilt look-up ID', row({ lookup_id: '1.23457E+11' }), 'DIGITS_EXPONENT'],
  ['a spoilt card number', row({ card_number: '6.03555E+15' }), 'DIGITS_EXPONENT'],
  ['a spoilt identifier', row({ identifier_value: '9.00101E+11' }), 'DIGITS_EXPONENT'],
  ['a spoilt fax number', row({ fax_number: '6,5911E+09' }), 'DIGITS_EXPONENT'],
  ['a spoilt postal code', row({ address_postal_code: '1.0E+05' }), 'DIGITS_EXPONENT'],
  ['a number in a column too narrow for it', row({ lookup_id: '########' }), 'CELL_ERROR'],
  [
    'a first name that does not fit',
    row({ full_name: '' }).replace('Tan', `"Tan, ${'x'.repeat(81)}"`),
    'CELL_TOO_LONG',
  ],
  ['no number', csv(['full_name', 'mobile_number'], ['Tan', '12']), 'MOBILE_FORMAT'],
  ['a wrong phone', row({ phone_number: 'call me' }), 'PHONE_FORMAT'],
  ['a wrong calling code', row({ phone_code: '65x' }), 'PHONE_CODE'],
  ['a wrong e-mail', row({ email: 'wei@' }), 'EMAIL_FORMAT'],
  ['month before day', row({ date_of_birth: '12/31/1990' }), 'DOB_FORMAT'],
  ['born tomorrow', row({ date_of_birth: '01/01/2190' }), 'DOB_FORMAT'],
  ['an expiry in the past', row({ membership_expire_date: '01/01/2020' }), 'EXPIRY_PAST'],
  ['no expiry', row({ membership_expiry_date: 'soon' }), 'EXPIRY_FORMAT'],
  ['another gender', row({ gender: 'x' }), 'GENDER_UNKNOWN'],
  ['neither true nor false', row({ allow_credit_transactions: 'maybe' }), 'TRUE_FALSE'],
  ['no consent', row({ pdpa_consent: 'FALSE' }), 'PDPA_REQUIRED'],
  ['half a point', row({ membership_point: '1.5' }), 'POINTS_FORMAT'],
  ['points and no card for them', row({ membership_point: '10' }), 'CARD_TYPE_MISSING'],
  ['a third of a cent', row({ credit_balance: '1.333' }), 'CREDIT_FORMAT'],
  ['an unknown group', row({ customer_group_names: 'Nobody’s' }), 'GROUP_UNKNOWN'],
  ['an unknown card', row({ card_number: '6035550000000000' }), 'CARD_UNKNOWN'],
  ['an error of the spreadsheet', row({ notes: '#REF!' }), 'CELL_ERROR'],
  ['a zero sign', row({ notes: 'a\0b' }), 'TEXT_UNREADABLE'],
  ['a long cell', row({ address_city: 'x'.repeat(81) }), 'CELL_TOO_LONG'],
  ['a cell too many', `${HEAD}\nTan,91110001,more\n`, 'CELLS_TOO_MANY'],
  ['a lone quote', `${HEAD}\n"Tan,91110001\nLim,91110002\n`, 'QUOTE_LONE'],
])('%s has its reason, and only its row', async (_, file, code) => {
  const run = await rehearse(till.client, file);
  expect(await reasons(till.client, run)).toEqual([`2 ${code}`]);
});

test('a lone quote takes its own line only', async () => {
  const run = await rehearse(till.client, `${HEAD}\n"Tan,91110001\nLim,91110002\n"Ng ""x""",91110003\n`);
  expect(run.counts).toMatchObject({ rows: 3, create: 2, invalid: 1 });
});

test('of rows about the same the first is taken', async () => {
  const file = csv(
    ['full_name', 'mobile_number', 'lookup_id', 'phone_number'],
    ['Tan', '91110001', 'M-1', ''],
    ['Lim', '9111 0001', '', ''],
    ['Ng', '91110003', ' m-1 ', ''],
    ['Ong', '91110004', '', '91110001'],
  );
  const run = await rehearse(till.client, file);
  expect(await reasons(till.client, run)).toEqual(['3 PHONE_TAKEN', '4 LOOKUP_ID_DUP', '5 PHONE_TAKEN']);
});

const NAME = '陈美玲';
test.each([
  ['UTF-8', Buffer.from(`${HEAD}\n${NAME},91110001\n`)],
  ['UTF-8 with its mark', Buffer.from(`\uFEFF${HEAD}\n${NAME},91110001\n`)],
  ['UTF-16 LE', utf16(`${HEAD}\r\n${NAME},91110001\r\n`, false)],
  ['UTF-16 BE', utf16(`${HEAD}\n${NAME},91110001\n`, true)],
  [
    'GB18030',
    Buffer.concat([Buffer.from(`${HEAD}\n`), Buffer.from('b3c2c3c0c1e1', 'hex'), Buffer.from(',91110001\n')]),
  ],
  ['semicolons', Buffer.from(`full_name;mobile_number\n${NAME};91110001\n`)],
  ['tabs and old line ends', Buffer.from(`full_name\tmobile_number\r${NAME}\t91110001\r`)],
])('a name is read from %s', async (_, file) => {
  const run = await rehearse(till.client, file);
  const rows = await till.client['imports.listRows']({
    runId: run.runId,
    action: null,
    afterRow: 0,
    limit: 5,
  });
  expect(rows.map(({ name, action }) => [name, action])).toEqual([['陈 美玲', 'create']]);
});

test('Western letters of one byte are not taken for Chinese, and are read as they are', async () => {
  const name = 'Jos\u00e9 Mu\u00f1oz G\u00fcnther';
  const opened = await sendFile(till.client, Buffer.from(`${HEAD}\n${name},91110001\n`, 'latin1'));
  expect(opened.encoding).toBe('windows-1252');
  const { runId } = await checkFile(till.client, opened);
  const rows = await till.client['imports.listRows']({ runId, action: null, afterRow: 0, limit: 5 });
  expect(rows.map((each) => each.name)).toEqual([name]);
});

test('headers are known by name, in any order, spelling and age of the template', async () => {
  const opened = await sendFile(
    till.client,
    Buffer.from(' Mobile Number *,FULL_NAME,Membership-Expiry-Date,shoe size\n91110001,Tan,,44\n'),
  );
  expect(opened.columns.map(({ to, isUnknown }) => [to, isUnknown])).toEqual([
    ['mobile_number', false],
    ['full_name', false],
    ['membership_expire_date', false],
    [null, true],
  ]);
});

test('a workbook keeps leading zeros, counts days, and gives the value of a formula but never works one out', async () => {
  const head = ['full_name', 'mobile_number', 'address_postal_code', 'date_of_birth', 'notes'];
  const sheet = writeXlsx([head, ['Tan', '91110001', '012345', '32949', '=1+1']]);
  const run = await rehearse(till.client, sheet);
  const [shown] = await till.client['imports.listRows']({
    runId: run.runId,
    action: null,
    afterRow: 0,
    limit: 5,
  });
  const after = Object.fromEntries((shown?.changes ?? []).map(({ field, after: value }) => [field, value]));
  expect(after).toMatchObject({ postalCode: '012345', dateOfBirth: '1990-03-17', notes: '=1+1' });
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
  '{{constructor.constructor("x")()}}',
  '${7*7}',
  '%00%0a',
  '../../etc/passwd',
  'Robert"); --',
];
const STRINGS = Array.from({ length: 150 }, (_, at) => `${NASTY[at % NASTY.length] ?? ''} ${at}`);

test('150 strings that would be code elsewhere come back as text, in every text field', async () => {
  const texts = [
    'notes',
    'address_street_1',
    'address_street_2',
    'address_city',
    'address_state',
    'address_country',
  ];
  const file = csv(
    ['full_name', 'mobile_number', ...texts],
    ...STRINGS.map((text, at) => [
      `x${text}`,
      `8123${String(at).padStart(4, '0')}`,
      ...texts.map(() => text),
    ]),
  );
  const opened = await sendFile(till.client, Buffer.from(file));
  const done = await start(till.client, await checkFile(till.client, opened));
  expect(done.counts).toMatchObject({ done: 150, invalid: 0 });
  for (const at of [0, 3, 5, 77, 149]) {
    const { members } = await till.client['members.lookup']({ text: `8123${String(at).padStart(4, '0')}` });
    const member = await till.client['members.get']({ memberId: members[0]?.memberId ?? ('' as never) });
    const { notes, street1, city, region, country } = member.fields;
    expect([notes, street1, city, region, country]).toEqual(Array.from({ length: 5 }, () => STRINGS[at]));
  }
});

test('rows that failed come back with their reason, and no cell of them is a formula', async () => {
  const run = await rehearse(
    till.client,
    csv(['full_name', 'mobile_number'], ['=1+1', '12'], ['\n=1+1', '12'], ['Tan', '91119999']),
  );
  const { text, next } = await till.client['imports.failedRows']({ runId: run.runId, afterRow: 0 });
  expect(next).toBeNull();
  expect(text.split('\r\n').slice(0, 3)).toEqual([
    '\uFEFFfull_name,mobile_number,reason',
    expect.stringMatching(/^"'=1\+1",12,"?MOBILE_FORMAT: /),
    expect.stringMatching(/^"'\n=1\+1",12,"?MOBILE_FORMAT: /),
  ]);
});

test.each(['members-csv', 'members-xlsx'] as const)(
  'the template %s is itself a file that can be imported',
  async (template) => {
    const { base64, fileName } = await till.client['imports.getTemplate']({ template });
    const opened = await sendFile(till.client, Buffer.from(base64, 'base64'), fileName);
    expect(opened.columns.map(({ to }) => to)).toEqual(TEMPLATE.map(({ name }) => name));
    expect((await checkFile(till.client, opened)).counts).toMatchObject({ rows: 1, valid: 1 });
  },
);

test('the older template is known by its header: 25 columns, starred, without phone code and consents', async () => {
  const later = ['phone_code', 'pdpa_consent', 'marketing_materials_consent'];
  const older = TEMPLATE.map(({ name }) => name).filter((name) => !later.includes(name));
  expect(older).toHaveLength(25);
  const headers = older.map((name) => (name === 'full_name' || name === 'lookup_id' ? `${name}*` : name));
  const values: Record<string, string> = {
    full_name: 'Teo, Old Form',
    mobile_number: '97770025',
    lookup_id: 'OLD-25',
  };
  const file = csv(
    headers,
    older.map((name) => values[name] ?? ''),
  );
  const opened = await sendFile(till.client, Buffer.from(file), 'older.csv');
  expect(opened.columns.map(({ to }) => to)).toEqual(older);
  const checked = await checkFile(till.client, opened);
  expect(checked.counts).toMatchObject({ rows: 1, valid: 1 });
  await start(till.client, checked);
  const { members } = await till.client['members.lookup']({ text: '97770025' });
  expect(members).toMatchObject([{ name: 'Teo Old Form', lookupId: 'OLD-25' }]);
});

test('a file of tags changes nothing but tags', async () => {
  await start(
    till.client,
    await rehearse(till.client, csv(['full_name', 'mobile_number', 'lookup_id'], ['Goh', '97770001', 'T-1'])),
  );
  const tags = await rehearse(till.client, 'lookup_id,tags\nT-1,VIP;Early bird\nT-2,VIP\n', {
    mode: 'update',
  });
  expect(tags.counts).toMatchObject({ update: 1, invalid: 1 });
  await start(till.client, tags);
  const { members } = await till.client['members.lookup']({ text: '97770001' });
  const member = await till.client['members.get']({ memberId: members[0]?.memberId ?? ('' as never) });
  expect(member.extras.tags).toEqual(['Early bird', 'VIP']);
});
