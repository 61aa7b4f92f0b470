import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { ImportReason } from '../../../../../electron/contract/import-reasons.ts';
import type { ImportRun } from '../../../../../electron/contract/imports.ts';
import type { MemberId } from '../../../../../sync/base/ids.ts';
import { endTestTill, startTestTill, type TestTill } from '../../../../parts/till.ts';
import { csv, reasons, rehearse, sendFile, start, undo } from './files.ts';

let till: TestTill;
const begin = async (): Promise<void> => {
  till = await startTestTill();
  await till.signIn('manager');
};
const end = (): Promise<void> => endTestTill(till);

const HEAD = ['full_name', 'mobile_number'];
/** Codes of each row, whatever becomes of it. */
async function codesOf({ runId }: ImportRun): Promise<string[]> {
  const rows = await till.client['imports.listRows']({ runId, action: null, afterRow: 0, limit: 200 });
  return rows.map(({ action, codes }) => [action, ...codes].join(' '));
}
const idOf = async (text: string): Promise<MemberId> => {
  const { members } = await till.client['members.lookup']({ text });
  return members[0]?.memberId ?? ('' as MemberId);
};

test('each reason that a row or a file may get is got by a file in a test of this folder', () => {
  const here = import.meta.dirname;
  const texts = readdirSync(here).map((name) => readFileSync(`${here}/${name}`, 'utf8'));
  const isNamed = (code: string): boolean => texts.some((text) => new RegExp(`\\b${code}\\b`).test(text));
  expect(ImportReason.options.filter((code) => !isNamed(code))).toEqual([]);
});

describe('a file that changes nobody', () => {
  beforeAll(begin);
  afterAll(end);

  const checkAs = async (columns: (string | null)[]) => {
    const { runId } = await sendFile(till.client, Buffer.from(csv(HEAD, ['Tan', '91110001'])));
    const how = { runId, mode: 'create-and-update', pointsCardTypeId: null, creditCardTypeId: null } as const;
    return till.client['imports.check']({ ...how, columns });
  };

  test('a header that means what no column means, and two that mean the same, are not checked at all', async () => {
    const [unknown, twice] = [
      await checkAs(['full_name', 'shoe_colour']),
      await checkAs(['full_name', 'full_name']),
    ];
    expect([unknown.state, unknown.refusal?.code]).toEqual(['mapping', 'HEADER_UNKNOWN']);
    expect([twice.state, twice.refusal?.code]).toEqual(['mapping', 'HEADER_TWICE']);
  });

  test('signs that are none in the encoding that was chosen are said, and another can be chosen', async () => {
    const latin = Buffer.from(csv(HEAD, ['Jos\u00e9', '91110001']), 'latin1');
    const { runId } = await sendFile(till.client, latin);
    const open = (encoding: 'utf-8' | 'windows-1252') =>
      till.client['imports.open']({ runId, encoding, delimiter: null });
    expect(await open('utf-8')).toMatchObject({ state: 'mapping', refusal: { code: 'FILE_ENCODING' } });
    expect(await open('windows-1252')).toMatchObject({ state: 'mapping', refusal: null });
  });

  test.each([
    ['customer_type', 'guest', 'CUSTOMER_TYPE_UNKNOWN'],
    ['rating', 'good', 'CUSTOM_FORMAT'],
    ['card_number', '6035 55', 'CARD_NUMBER_FORMAT'],
  ])('a %s of "%s" is %s', async (header, value, code) => {
    const run = await rehearse(till.client, csv([...HEAD, header], ['Tan', '91110001', value]));
    expect(await reasons(till.client, run)).toEqual([`2 ${code}`]);
  });

  test('a tier that the chain does not have is TIER_UNKNOWN, once it has any', async () => {
    const { businessDay: validFrom } = await till.client['till.get']({});
    const gold = { tierId: 'gold', version: 1, name: 'Gold', validFrom };
    await till.client['documents.save']({
      ...{ opId: till.opId(), kind: 'tier', id: 'gold', baseVersion: 0, body: gold },
    });
    const head = [...HEAD, 'membership_tier'];
    const file = csv(head, ['Tan', '91110001', 'gold'], ['Lim', '91110002', 'Platinum']);
    expect(await reasons(till.client, await rehearse(till.client, file))).toEqual(['3 TIER_UNKNOWN']);
  });

  test('credit for who may not use credit is CREDIT_NOT_ALLOWED', async () => {
    const head = [...HEAD, 'credit_balance', 'allow_credit_transactions'];
    const file = csv(head, ['Tan', '91110001', '12.50', 'FALSE'], ['Lim', '91110002', '12.50', 'TRUE']);
    const run = await rehearse(till.client, file, { credit: 'prepaid' });
    expect(await reasons(till.client, run)).toEqual(['2 CREDIT_NOT_ALLOWED']);
  });
});

const imported = async (...rows: string[][]) => {
  const head = [...HEAD, 'email', 'membership_point', 'notes'];
  return start(till.client, await rehearse(till.client, csv(head, ...rows), { points: 'points' }));
};

describe('a file about members who are there', () => {
  beforeEach(begin);
  afterEach(end);

  test('an e-mail that several share says nobody: MEMBER_AMBIGUOUS', async () => {
    await imported(
      ['Tan', '91110001', 'home@example.org', '', ''],
      ['Lim', '91110002', 'home@example.org', '', ''],
    );
    const file = csv(['email', 'notes'], ['home@example.org', 'hello']);
    const run = await rehearse(till.client, file, { mode: 'update' });
    expect(await codesOf(run)).toEqual(['invalid MEMBER_AMBIGUOUS']);
  });

  test('who is locked is left as she is: MEMBER_BARRED', async () => {
    await imported(['Tan', '91110001', '', '', '']);
    const memberId = await idOf('91110001');
    await till.client['members.setState']({
      opId: till.opId(),
      memberId,
      action: 'lock',
      reason: 'lost phone',
    });
    const run = await rehearse(till.client, csv([...HEAD, 'notes'], ['Tan', '91110001', 'hello']));
    expect(await codesOf(run)).toEqual(['invalid MEMBER_BARRED']);
  });

  test('a row says that it makes a look-up ID, that there is nothing new, that a balance was left', async () => {
    const rows = ['Tan', '91110001', '', '12', ''];
    const head = [...HEAD, 'email', 'membership_point', 'notes'];
    const points = { points: 'points' };
    const first = await rehearse(till.client, csv(head, rows), points);
    expect(await codesOf(first)).toEqual(['create LOOKUP_ID_MISSING']);
    await start(till.client, first);
    const again = await rehearse(till.client, csv(head, rows), points);
    expect(await codesOf(again)).toEqual(['skip NOTHING_NEW BALANCE_LEFT']);
    const more = await rehearse(till.client, csv(head, [...rows.slice(0, 4), 'hello']), points);
    expect(await codesOf(more)).toEqual(['update BALANCE_LEFT']);
  });

  test('whom somebody enrolled between check and start is not made twice: BASE_CHANGED', async () => {
    const file = csv([...HEAD, 'notes'], ['Tan', '91110001', 'by the file']);
    const run = await rehearse(till.client, file);
    await till.client['members.add']({
      ...{ opId: till.opId(), draft: { lastName: 'Tan', mobile: '9111 0001' }, cardTypeId: null },
      ...{ cardNumber: null, hasMarketingConsent: true },
    });
    expect(await codesOf(await start(till.client, run))).toEqual(['invalid BASE_CHANGED']);
    expect((await till.client['members.lookup']({ text: '91110001' })).members).toHaveLength(1);
  });

  test('what somebody changed after a run stays when it is undone: CHANGED_SINCE', async () => {
    await imported(['Tan', '91110001', '', '', '']);
    const run = await start(
      till.client,
      await rehearse(till.client, csv([...HEAD, 'notes'], ['Tan', '91110001', 'by the file'])),
    );
    const memberId = await idOf('91110001');
    await till.client['members.edit']({ opId: till.opId(), memberId, draft: { notes: 'by hand' } });
    const undone = await undo(till.client, run);
    expect([undone.counts.kept, await codesOf(undone)]).toEqual([1, ['update CHANGED_SINCE']]);
    expect((await till.client['members.get']({ memberId })).fields).toMatchObject({ notes: 'by hand' });
  });

  test('a row for which no card number is left waits: CARD_STOCK', async () => {
    const rows = Array.from({ length: 51 }, (_, at) => [`P ${at}`, String(91_110_000 + at), '', '5', '']);
    const codes = await codesOf(await imported(...rows));
    // The test till has a block of fifty.
    expect([codes.length, codes.filter((each) => each.includes('CARD_STOCK'))]).toEqual([
      51,
      ['create CARD_STOCK'],
    ]);
  });
});
