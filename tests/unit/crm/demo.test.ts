import { afterAll, beforeAll, expect, test } from 'vitest';
import { DEMO_CARD_TYPES, DEMO_PINS, DEMO_STORES } from '../../../crm/demo/chain.ts';
import { KNOWN_MEMBERS, type KnownMember } from '../../../crm/demo/known.ts';
import { seedDemo } from '../../../crm/demo/seed.ts';
import { ACCOUNT_COLUMNS } from '../../../crm/repos/rows.ts';
import { findChain, findStaffByLogin, listDocuments } from '../../../crm/repos/documents.ts';
import { verifyCentre } from '../../../crm/routes/health.ts';
import { rowsOf } from '../../../crm/database.ts';
import { isPinRight } from '../../../sync/base/pin.ts';
import { AccountRow, CardRow, EntryRow } from '../../../sync/model/card.ts';
import { CardKind } from '../../../sync/model/chain.ts';
import { MemberRow } from '../../../sync/model/member.ts';
import { startPostgres, type PostgresPart } from '../../parts/postgres.ts';
import { openTestCentre, quickScrypt, type TestCentre } from './test-centre.ts';

const MEMBERS = 600;
const clock = { nowMs: () => Date.UTC(2026, 10, 22, 3) };

let postgres: PostgresPart;
let open: TestCentre;

beforeAll(async () => {
  postgres = await startPostgres();
  open = await openTestCentre({ url: await postgres.createDatabase(), clock, isEmpty: true });
  await seedDemo(open.centre, { memberCount: MEMBERS });
}, 60_000);

afterAll(async () => {
  await open.close();
  await postgres.stop();
});

test('two demos of one day are equal, also when the first try was cut off', async () => {
  const other = await openTestCentre({ url: await postgres.createDatabase(), clock, isEmpty: true });
  const { writer } = other.centre;
  let pushCount = 0;
  const failing = {
    ...other.centre,
    writer: { ...writer, push: () => Promise.reject(new Error(`cut off ${(pushCount += 1)}`)) },
  };
  await expect(seedDemo(failing, { memberCount: MEMBERS })).rejects.toThrow('cut off 1');
  expect(await findChain(other.centre.database.sql)).toBeNull();
  await seedDemo({ ...other.centre, writer }, { memberCount: MEMBERS });
  const { epoch: _ours, ...first } = await verifyCentre(open.centre);
  const { epoch: _theirs, ...second } = await verifyCentre(other.centre);
  expect(second).toEqual(first);
  expect(first).toMatchObject({ members: MEMBERS, problems: [] });
  await other.close();
});

test('no op of the demo is held, and every row is one that tills accept', async () => {
  const { sql } = open.centre.database;
  expect(await rowsOf(sql, 'select kind, held_reason from ops where held_reason is not null')).toEqual([]);
  const parsers = { members: MemberRow, cards: CardRow, accounts: AccountRow, entries: EntryRow };
  for (const [table, parser] of Object.entries(parsers)) {
    const row =
      table === 'accounts' ? `row_to_json(a) as "row" from (select ${ACCOUNT_COLUMNS} from accounts) a` : '';
    const text = row === '' ? `select "row"::json from ${table}` : `select ${row}`;
    const rows = await rowsOf<{ row: unknown }>(sql, text);
    for (const { row } of rows) parser.parse(row);
    expect(rows.length).toBeGreaterThanOrEqual(MEMBERS);
  }
});

test('it has stores, people with their PINs, and card types of every kind', async () => {
  const { sql } = open.centre.database;
  expect(await listDocuments(sql, 'store')).toHaveLength(DEMO_STORES.length);
  for (const role of ['manager', 'supervisor', 'cashier'] as const) {
    const staff = await findStaffByLogin(sql, role);
    expect([staff?.role, await isPinRight(DEMO_PINS[role], staff?.pinHash ?? '', quickScrypt)]).toEqual([
      role,
      true,
    ]);
  }
  expect(new Set(DEMO_CARD_TYPES.map((type) => type.kind))).toEqual(new Set(CardKind.options));
});

const known: [string, KnownMember][] = Object.entries(KNOWN_MEMBERS);

test.each(known)('known member %s has the cards and balances that are stated', async (_name, member) => {
  const { sql } = open.centre.database;
  const rows = await rowsOf<{ member: MemberRow; card: CardRow; balance: number }>(
    sql,
    `select m."row" as member, c."row" as card, a.balance from members m
     join cards c on c."row" ->> 'memberId' = m.member_id::text join accounts a on a.account_id = c.account_id
     where m.mobile = $1 order by (c."row" ->> 'issuedAtMs')::bigint, c.card_number`,
    [member.mobile],
  );
  const [first] = rows;
  expect(first?.member).toMatchObject({
    lastName: member.lastName,
    firstName: member.firstName,
    phone: member.phone,
    state: member.state,
    lookupId: member.lookupId,
  });
  const cards = rows.map(({ card, balance }) => ({
    cardTypeId: card.cardTypeId,
    cardNumber: card.cardNumber,
    balance,
    status: card.status,
  }));
  const byNumber = (left: { cardNumber: string }, right: { cardNumber: string }): number =>
    left.cardNumber < right.cardNumber ? -1 : 1;
  expect(cards.sort(byNumber)).toEqual([...member.cards].sort(byNumber));
});

test('nothing lies in the future, and business days end before today', async () => {
  const { sql } = open.centre.database;
  const [latest] = await rowsOf<{ day: string }>(
    sql,
    `select max("row"::json ->> 'businessDay') as day from entries`,
  );
  expect(latest?.day).toBe('2026-11-21');
});
