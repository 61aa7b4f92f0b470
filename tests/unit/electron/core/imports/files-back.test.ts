import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ImportRow } from '../../../../../electron/contract/imports.ts';
import type { MemberId } from '../../../../../sync/base/ids.ts';
import { endTestTill, startTestTill, type TestTill } from '../../../../parts/till.ts';
import { checkFile, csv, reasons, rehearse, sendFile, start, undo } from './files.ts';

let till: TestTill;
beforeAll(async () => {
  till = await startTestTill();
  await till.signIn('manager');
});
afterAll(() => endTestTill(till));

async function rowsOf(runId: string, limit: number): Promise<ImportRow[]> {
  return till.client['imports.listRows']({ runId, action: null, afterRow: 0, limit });
}
const valuesOf = ({ changes }: ImportRow): Record<string, string> =>
  Object.fromEntries(changes.map(({ field, after }) => [field, after]));

test('rows that failed come back as a file that can be mended and imported again, however many', async () => {
  const head = ['full_name', 'mobile_number', 'notes'];
  const good = Array.from({ length: 3 }, (_, at) => [`Good ${at}`, String(94_440_000 + at), 'x']);
  const bad = Array.from({ length: 1_203 }, (_, at) => [`Bad ${at}`, '12', `=1+${at}`]);
  const run = await rehearse(till.client, csv(head, ...good, ...bad));
  let text = '';
  for (let afterRow: number | null = 0; afterRow !== null;) {
    const piece: { text: string; next: number | null } = await till.client['imports.failedRows']({
      ...{ runId: run.runId, afterRow },
    });
    text += piece.text;
    afterRow = piece.next;
  }
  expect(text.split('\r\n')).toHaveLength(1_203 + 2);
  let at = 0;
  const mended = text.replace(/,12,/g, () => `,${95_550_000 + (at += 1)},`);
  const again = await sendFile(till.client, Buffer.from(mended));
  expect(again.columns.map(({ to, isUnknown }) => [to, isUnknown])).toEqual([
    ...[...head.map((name) => [name, false]), [null, false]],
  ]);
  const checked = await checkFile(till.client, again);
  expect(checked.counts).toMatchObject({ rows: 1_203, create: 1_203, invalid: 0 });
  const [first] = await rowsOf(checked.runId, 1);
  expect(valuesOf(first as ImportRow)).toMatchObject({ notes: '=1+0' });
});

test('the template for tags is a file that gives them, to each member that it names, and an undo takes them', async () => {
  const { base64 } = await till.client['imports.getTemplate']({ template: 'tags-csv' });
  const [head = ''] = Buffer.from(base64, 'base64').toString('utf8').split('\r\n');
  const base = csv(
    ['full_name', 'mobile_number', 'lookup_id', 'email', 'tags'],
    ['Tag A', '96660001', 'TG-1', '', 'Old'],
    ['Tag B', '96660002', '', '', ''],
    ['Tag C', '96660003', '', 'c@example.org', ''],
  );
  await start(till.client, await rehearse(till.client, base));
  const tagsOf = async (text: string): Promise<string[]> => {
    const { members } = await till.client['members.lookup']({ text });
    const memberId = members[0]?.memberId ?? ('' as MemberId);
    return (await till.client['members.get']({ memberId })).extras.tags;
  };
  const all = async () => [await tagsOf('96660001'), await tagsOf('96660002'), await tagsOf('96660003')];
  const lines = ['TG-1,,,VIP;Old', ',96660002,,VIP', ',,C@example.org,VIP|Early', 'TG-9,,,VIP', ',,,VIP'];
  const run = await rehearse(till.client, [head, ...lines].join('\r\n'), { mode: 'update' });
  expect(await reasons(till.client, run)).toEqual(['5 MEMBER_UNKNOWN', '6 KEY_MISSING']);
  const done = await start(till.client, run);
  expect(done.counts).toMatchObject({ update: 3, done: 3 });
  expect(await all()).toEqual([['Old', 'VIP'], ['VIP'], ['Early', 'VIP']]);
  expect(await undo(till.client, done)).toMatchObject({ counts: { kept: 0 } });
  expect(await all()).toEqual([['Old'], [], []]);
});

/** The list of members as a file, with the mark of UTF-8 or without. */
async function exported(more: { hasBom?: boolean } = {}): Promise<string> {
  const { exportId } = await till.client['directory.beginExport']({
    ...{
      filter: { match: 'all', rules: [] },
      search: '',
      purpose: 'administration',
      reason: 'for a test',
      memberIds: null,
      ...more,
    },
  });
  let file = '';
  for (;;) {
    const { text } = await till.client['directory.readExport']({ exportId });
    if (text === '') break;
    file += text;
  }
  await till.client['directory.endExport']({ exportId });
  return file;
}

test('the exported list begins with the mark that spreadsheets need, once, and comes back with nothing to change', async () => {
  const base = csv(
    [
      'full_name',
      'mobile_number',
      'lookup_id',
      'prefix',
      'date_of_birth',
      'notes',
      'tags',
      'identifier_value',
    ],
    ['陈 伟', '97770001', '007', 'Dr', '31/01/1990', '=1+1', 'VIP;Early', 'S1234567D'],
    ['Lefèvre Élodie', '97770002', 'RT-2', '', '', 'a "quoted", word', '', ''],
  );
  await start(till.client, await rehearse(till.client, base));
  const file = await exported();
  // A mask: it takes the place of nothing.
  expect(file).toContain('••••567D');
  expect([file.indexOf('\uFEFF'), file.lastIndexOf('\uFEFF')]).toEqual([0, 0]);
  expect(await exported({ hasBom: false })).toBe(file.slice(1));
  const opened = await sendFile(till.client, Buffer.from(file));
  const checked = await checkFile(till.client, opened);
  const rows = await rowsOf(checked.runId, 200);
  expect(await reasons(till.client, checked)).toEqual([]);
  expect(rows.map(valuesOf)).toEqual(rows.map(() => ({})));
  expect(checked.counts).toMatchObject({ create: 0, update: 0, invalid: 0 });
});
