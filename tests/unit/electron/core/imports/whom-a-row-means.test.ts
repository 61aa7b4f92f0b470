import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ImportRow } from '../../../../../electron/contract/imports.ts';
import type { CardTypeId, MemberId } from '../../../../../sync/base/ids.ts';
import { must } from '../../../../../sync/base/must.ts';
import { CHAIN, PINS } from '../../../../parts/shop.ts';
import { endTestTill, startTestTill, type TestTill } from '../../../../parts/till.ts';
import { csv, reasons, rehearse, start } from './files.ts';

let till: TestTill;
beforeEach(async () => {
  till = await startTestTill();
  await till.signIn('manager');
});
afterEach(() => endTestTill(till));

interface Known {
  memberId: MemberId;
  cardNumber: string;
}
async function join(at: number, more: object = {}): Promise<Known> {
  const { member } = await till.client['members.add']({
    ...{
      opId: till.opId(),
      cardTypeId: 'coffee' as CardTypeId,
      cardNumber: null,
      hasMarketingConsent: false,
    },
    draft: {
      lastName: `P${at}`,
      mobile: `9111000${at}`,
      lookupId: `M-${at}`,
      email: `p${at}@example.org`,
      ...more,
    },
  });
  return { memberId: member.memberId, cardNumber: must(member.cards[0], 'with a card').cardNumber };
}
const HEAD = ['card_number', 'lookup_id', 'mobile_number', 'email', 'notes'];
async function check(...rows: string[][]): Promise<ImportRow[]> {
  const { runId } = await rehearse(till.client, csv(HEAD, ...rows), { mode: 'update' });
  return till.client['imports.listRows']({ runId, action: null, afterRow: 0, limit: 200 });
}
const saidOf = ({ action, memberId, codes }: ImportRow) => [action, memberId, ...codes];

test('a row is about whom its card names, else its look-up ID, its mobile, its e-mail (D9)', async () => {
  const people = [await join(0), await join(1), await join(2), await join(3)];
  const [card, lookup, mobile, email] = people.map(({ memberId }) => memberId);
  const rows = await check(
    [people[0]?.cardNumber ?? '', '', '', '', 'a'],
    ['', 'M-1', '', '', 'b'],
    ['', '', '9111 0002', '', 'c'],
    ['', '', '', 'P3@example.org', 'd'],
  );
  expect(rows.map(saidOf)).toEqual([card, lookup, mobile, email].map((memberId) => ['update', memberId]));
});

test('keys of two people are a clash of the lower one, shown with whom the higher one names', async () => {
  const [first, second] = [await join(0), await join(1)];
  const rows = await check(
    [first.cardNumber, 'M-1', '', '', 'a'],
    [first.cardNumber, '', '91110001', '', 'b'],
    ['', 'M-1', '91110000', '', 'c'],
    // An address says who somebody is only where nothing else does: here it is hers from now on.
    ['', 'M-1', '', 'p0@example.org', 'd'],
  );
  expect(rows.map(saidOf)).toEqual([
    ['invalid', first.memberId, 'LOOKUP_ID_DUP'],
    ['invalid', first.memberId, 'PHONE_TAKEN'],
    ['invalid', second.memberId, 'PHONE_TAKEN'],
    ['update', second.memberId],
  ]);
});

test('only an update finds nobody new, and create-and-update makes her (F77, D9)', async () => {
  const file = csv(['full_name', 'mobile_number'], ['New', '91110008']);
  const update = await rehearse(till.client, file, { mode: 'update' });
  expect(await reasons(till.client, update)).toEqual(['2 MEMBER_UNKNOWN']);
  expect((await rehearse(till.client, file)).counts).toMatchObject({ create: 1, invalid: 0 });
});

test('a home phone of somebody else is taken, unless families of the chain share one (D8)', async () => {
  await join(0, { phone: '61110001' });
  const head = ['full_name', 'mobile_number', 'phone_number'];
  const file = csv(head, ['Kid', '91110008', '6111 0001'], ['Kid Two', '91110009', '61110001']);
  expect(await reasons(till.client, await rehearse(till.client, file))).toEqual([
    ...['2 PHONE_TAKEN', '3 PHONE_TAKEN'],
  ]);
  await till.client['documents.save']({
    ...{ opId: till.opId(), kind: 'chain', id: 'chain', baseVersion: 1 },
    body: { ...CHAIN, version: 2, sharedPhones: true },
  });
  expect((await rehearse(till.client, file)).counts).toMatchObject({ create: 2, invalid: 0 });
  // A mobile is one person's all the same.
  const mobile = csv(['full_name', 'mobile_number'], ['A', '91110006'], ['B', '91110006']);
  expect(await reasons(till.client, await rehearse(till.client, mobile))).toEqual(['3 PHONE_TAKEN']);
});

test('number, address and ID of who was anonymised are free again (F50, F124)', async () => {
  const { memberId } = await join(0);
  await till.client['members.anonymise']({
    ...{ opId: till.opId(), memberId, reason: 'asked for it' },
    second: { login: 'supervisor', pin: PINS.supervisor },
  });
  const head = ['full_name', 'mobile_number', 'lookup_id', 'email'];
  const run = await rehearse(till.client, csv(head, ['Again', '91110000', 'M-0', 'p0@example.org']));
  expect(run.counts).toMatchObject({ create: 1, update: 0, invalid: 0 });
  expect((await start(till.client, run)).counts.done).toBe(1);
  const { members } = await till.client['members.lookup']({ text: '91110000' });
  expect(members.map(({ name }) => name)).toEqual(['Again']);
  expect(members[0]?.memberId).not.toBe(memberId);
});
