import { afterAll, beforeAll, expect, test } from 'vitest';
import type { MemberView } from '../../../../../electron/contract/views.ts';
import { TEMPLATE } from '../../../../../electron/core/imports/columns.ts';
import { writeXlsx } from '../../../../../electron/core/imports/sheet/xlsx-writer.ts';
import type { MemberId } from '../../../../../sync/base/ids.ts';
import { endTestTill, startTestTill, type TestTill } from '../../../../parts/till.ts';
import { checkFile, csv, reasons, rehearse, sendFile, start } from './files.ts';

let till: TestTill;
beforeAll(async () => {
  till = await startTestTill();
  await till.signIn('manager');
  const { businessDay: validFrom } = await till.client['till.get']({});
  const save = (kind: 'group' | 'tier' | 'attribute', id: string, body: object) =>
    till.client['documents.save']({
      ...{ opId: till.opId(), kind, id, baseVersion: 0 },
      body: { version: 1, ...body },
    });
  await save('group', 'wine', { groupId: 'wine', name: 'Wine club' });
  await save('group', 'tea', { groupId: 'tea', name: 'Tea club', nameZh: '茶友会' });
  await save('tier', 'gold', {
    tierId: 'gold',
    name: 'Gold',
    validFrom,
  });
  // The chain's own list in the place of a free text.
  const choices = { type: 'choice', choices: ['NRIC', 'Passport'] };
  await save('attribute', 'identifierType', {
    ...{ attributeId: 'identifierType', name: 'Identifier type', ...choices },
  });
});
afterAll(() => endTestTill(till));

const memberBy = async (text: string): Promise<MemberView> => {
  const { members } = await till.client['members.lookup']({ text });
  return till.client['members.get']({ memberId: members[0]?.memberId ?? ('' as MemberId) });
};

/** A day of the next year, so that no membership has ended. */
const COMING = new Date().getUTCFullYear() + 1;

/** Each column of the template with a value of its own. */
const ROW: Readonly<Record<string, string>> = {
  full_name: 'Tan, Wei Ling',
  address_street_1: '12 Example Road',
  address_street_2: '#03-04',
  address_postal_code: '012345',
  address_city: 'Johor Bahru',
  address_state: 'Johor',
  address_country: 'Malaysia',
  notes: 'Prefers oat milk',
  email: 'Wei.Ling@Example.org',
  phone_code: '+60',
  phone_number: '7-333 4567',
  identifier_value: 'S1234567D',
  identifier_type: 'Passport',
  date_of_birth: '07/03/90',
  gender: 'Female',
  prefix: 'Dr',
  mobile_number: '12-345 6789',
  fax_number: '07 333 0000',
  lookup_id: 'M-000123',
  membership_tier: 'gold',
  membership_point: '1,240',
  membership_expire_date: `31/12/${COMING}`,
  credit_balance: '12.50',
  customer_group_names: 'Wine club; 茶友会',
  allow_credit_transactions: 'TRUE',
  allow_account_transactions: 'true',
  pdpa_consent: 'TRUE',
  marketing_materials_consent: 'TRUE',
};
const NAMES = TEMPLATE.map(({ name }) => name);
const cellsOf = (row: Readonly<Record<string, string>>): string[] => NAMES.map((name) => row[name] ?? '');
const HOW = { points: 'points', credit: 'prepaid' };

/** What the page of the member shows of a row. */
const shownOf = ({ fields, extras, cards, hasMarketingConsent, pdpaPolicy }: MemberView) => ({
  ...{ fields, groups: extras.groups, custom: extras.custom, hasMarketingConsent, pdpaPolicy },
  balances: Object.fromEntries(cards.map(({ kind, balance }) => [kind, balance.pending])),
});

const SHOWN = {
  fields: {
    ...{ lastName: 'Tan', firstName: 'Wei Ling', prefix: 'Dr', gender: 'female' },
    ...{ dateOfBirth: '1990-03-07', mobile: '+60123456789', phone: '+6073334567' },
    ...{ email: 'wei.ling@example.org', lookupId: 'M-000123', customerType: 'member' },
    ...{ street1: '12 Example Road', street2: '#03-04', postalCode: '012345', city: 'Johor Bahru' },
    ...{ region: 'Johor', country: 'Malaysia', notes: 'Prefers oat milk', isCreditAllowed: true },
    ...{ tier: 'gold', tierUntil: `${COMING}-12-31` },
  },
  groups: ['tea', 'wine'],
  custom: {
    ...{ identifierValue: 'S1234567D', identifierType: 'Passport', fax: '07 333 0000' },
    accountAllowed: 'yes',
  },
  ...{ hasMarketingConsent: true, pdpaPolicy: '2026-01', balances: { points: 1240, credit: 1250 } },
};

test('each of the 28 columns has a value in this test', () => {
  expect(NAMES).toHaveLength(28);
  expect(Object.keys(ROW).sort()).toEqual([...NAMES].sort());
});

test('all 28 columns of a CSV come to where the member’s page shows them', async () => {
  const run = await start(till.client, await rehearse(till.client, csv(NAMES, cellsOf(ROW)), HOW));
  expect([run.counts.done, await reasons(till.client, run)]).toEqual([1, []]);
  expect(shownOf(await memberBy('M-000123'))).toEqual(SHOWN);
});

test('and those of a workbook alike', async () => {
  const other = { lookup_id: 'M-000124', mobile_number: '12-345 6780', phone_number: '7-333 4560' };
  const sheet = writeXlsx([NAMES, cellsOf({ ...ROW, ...other })]);
  const opened = await sendFile(till.client, sheet, 'members.xlsx');
  const run = await start(till.client, await checkFile(till.client, opened, HOW));
  expect([run.counts.done, await reasons(till.client, run)]).toEqual([1, []]);
  const changed = { mobile: '+60123456780', phone: '+6073334560', lookupId: 'M-000124' };
  expect(shownOf(await memberBy('M-000124'))).toEqual({ ...SHOWN, fields: { ...SHOWN.fields, ...changed } });
});

test('whatever may be blank is: no consent to marketing, no credit, no account; an ID is made (F119, D4, D7)', async () => {
  const row = { full_name: 'Lim', mobile_number: '91110002' };
  const run = await start(till.client, await rehearse(till.client, csv(NAMES, cellsOf(row))));
  expect(run.counts).toMatchObject({ done: 1, invalid: 0 });
  const member = await memberBy('91110002');
  expect(member.fields.lookupId).toBe(member.supportId);
  expect(shownOf(member)).toMatchObject({
    ...{ fields: { lastName: 'Lim', isCreditAllowed: false, dateOfBirth: null, tier: '' } },
    ...{ groups: [], custom: {}, hasMarketingConsent: false, pdpaPolicy: '2026-01', balances: {} },
  });
});

test('prospects come by the same file, told by customer_type (F76)', async () => {
  const head = ['full_name', 'mobile_number', 'customer_type'];
  const file = csv(head, ['Ng', '91110003', 'Customer'], ['Goh', '91110004', 'member']);
  expect((await start(till.client, await rehearse(till.client, file))).counts.done).toBe(2);
  const kinds = [(await memberBy('91110003')).fields, (await memberBy('91110004')).fields];
  expect(kinds.map(({ customerType }) => customerType)).toEqual(['customer', 'member']);
});

test('a list that the chain has made of a column is its list in an import, too (D14)', async () => {
  const head = ['full_name', 'mobile_number', 'identifier_type'];
  const file = csv(head, ['Ong', '91110005', 'Library card'], ['Sim', '91110006', 'NRIC']);
  expect(await reasons(till.client, await rehearse(till.client, file))).toEqual(['2 CUSTOM_FORMAT']);
});

/** Days in the shop's own time zone, as its till counts them. */
const dayFromNow = (businessDay: string, days: number): string => {
  const day = new Date(Date.parse(businessDay) + days * 86_400_000).toISOString();
  return `${day.slice(8, 10)}/${day.slice(5, 7)}/${day.slice(0, 4)}`;
};

test('a membership may end today, and not the day before (F91)', async () => {
  const { businessDay } = await till.client['till.get']({});
  const head = ['full_name', 'mobile_number', 'membership_expiry_date'];
  const rows = [-1, 0, 1].map((days, at) => [`E ${at}`, `9111001${at}`, dayFromNow(businessDay, days)]);
  expect(await reasons(till.client, await rehearse(till.client, csv(head, ...rows)))).toEqual([
    '2 EXPIRY_PAST',
  ]);
});
