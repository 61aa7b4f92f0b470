import { afterAll, beforeAll, beforeEach, afterEach, describe, expect, test } from 'vitest';
import { checkBooks } from '../../../../crm/inbox/check-books.ts';
import { answerItem } from '../../../../crm/inbox/answers.ts';
import { INACTIVE_OPEN_MAX, proposeInactive } from '../../../../crm/inbox/inactive.ts';
import { findChain, saveDocuments } from '../../../../crm/repos/documents.ts';
import { lockHead } from '../../../../crm/repos/feed-head.ts';
import { listInbox } from '../../../../crm/repos/inbox.ts';
import { sqlUnit } from '../../../../crm/sql-store.ts';
import type { CardTypeId, StaffId } from '../../../../sync/base/ids.ts';
import { must } from '../../../../sync/base/must.ts';
import { CardType, type Chain } from '../../../../sync/model/chain.ts';
import type { InboxAnswer } from '../../../../sync/protocol/inbox.ts';
import { startPostgres, type PostgresPart } from '../../../parts/postgres.ts';
import { addSecond, SECOND_ID } from '../../../parts/second.ts';
import { openTestCentre, type TestCentre } from '../test-centre.ts';
import { injected, TestTill, type CardRef } from '../test-till.ts';

const DAY_MS = 86_400_000;
const NOW_MS = Date.UTC(2026, 10, 23);
let nowMs = NOW_MS;
let postgres: PostgresPart;
let open: TestCentre;
let till: TestTill;
beforeAll(async () => {
  postgres = await startPostgres();
}, 60_000);
afterAll(() => postgres.stop());
beforeEach(async () => {
  nowMs = NOW_MS;
  open = await openTestCentre({ url: await postgres.createDatabase(), clock: { nowMs: () => nowMs } });
  await addSecond(open.centre);
  till = await TestTill.enrol(injected(open.app));
}, 60_000);
afterEach(() => open.close());

async function setMonths(inactiveMonths: number, more: Pick<Chain, 'leftBalance'> = {}): Promise<void> {
  const { database } = open.centre;
  const chain = must(await findChain(database.sql), 'it is set up');
  const body = { ...chain, version: chain.version + 1, inactiveMonths, ...more };
  await database.transaction((tx) => saveDocuments(tx, [{ kind: 'chain', id: 'chain', body }]));
}
/** When an op was made that was made so many days ago. */
const at = (days: number) => ({
  wallMs: nowMs - days * DAY_MS,
  hlc: (nowMs - days * DAY_MS).toString(16).padStart(12, '0') + '0000',
});
/** Somebody who joined so many days ago, and was last seen so many days ago. */
function somebody(joinedDays: number, seenDays: number | null): CardRef {
  const ref = till.makeMember();
  Object.assign(must(till.ops.at(-1), 'just made'), at(joinedDays));
  if (seenDays !== null) till.stamp(ref, 1, at(seenDays));
  return ref;
}
const waiting = async () => {
  const page = { state: 'open', after: '', limit: 100 } as const;
  const { items } = await listInbox(open.centre.database.sql, page);
  return items.filter(({ kind }) => kind === 'inactive_member');
};
const answer = async (id: string, said: InboxAnswer, secondId: StaffId | null = SECOND_ID) => {
  const { database, crypto } = open.centre;
  const answering = { id, managerId: 'staff-1' as StaffId, secondId, reason: 'gone', answer: said };
  await sqlUnit(database, crypto)((store) => answerItem(store, answering, { crypto, nowMs }));
};

test('nobody is proposed where the chain does not ask for it, and nobody who was served since', async () => {
  const silent = somebody(900, 800);
  somebody(900, 10);
  somebody(20, null);
  await till.sync();
  expect(await proposeInactive(open.centre)).toBe(0);
  await setMonths(24);
  expect(await proposeInactive(open.centre)).toBe(1);
  const [item] = await waiting();
  expect(item).toMatchObject({ memberId: silent.memberId, detail: { months: 24 } });
  expect(await proposeInactive(open.centre)).toBe(0);
});

test('kept, she is asked about again after a year; answered so, she is anonymised, and only then', async () => {
  const { memberId } = somebody(900, 800);
  await till.sync();
  await setMonths(24);
  await proposeInactive(open.centre);
  await answer(must((await waiting())[0], 'she is proposed').id, { action: 'keep' });
  nowMs += 200 * DAY_MS;
  expect(await proposeInactive(open.centre)).toBe(0);
  nowMs += 200 * DAY_MS;
  expect(await proposeInactive(open.centre)).toBe(1);
  const state = async () =>
    (await open.centre.database.sql.query('select state from members where member_id = $1', [memberId])).rows;
  expect(await state()).toEqual([{ state: 'active' }]);
  await answer(must((await waiting())[0], 'she is proposed again').id, { action: 'anonymise' });
  expect(await state()).toEqual([{ state: 'anonymised' }]);
  expect((await open.centre.database.sql.query('select count(*)::int as count from erasures')).rows).toEqual([
    { count: 1 },
  ]);
  const words = `select answer, answer_reason as reason from inbox where answer <> 'erased' order by id`;
  expect((await open.centre.database.sql.query(words)).rows).toEqual([
    { answer: 'keep', reason: '' },
    { answer: 'anonymise', reason: '' },
  ]);
});

test('two profiles of one person are looked at together, and the inbox is never buried', async () => {
  const [one, two] = [somebody(900, 800), somebody(900, 5)];
  till.make({ kind: 'member.merged', memberId: two.memberId, intoId: one.memberId, reason: 'same' });
  for (let each = 0; each < INACTIVE_OPEN_MAX + 5; each += 1) somebody(750, null);
  await till.sync();
  await setMonths(24);
  expect(await proposeInactive(open.centre)).toBe(INACTIVE_OPEN_MAX);
  expect((await waiting()).map(({ memberId }) => memberId)).not.toContain(one.memberId);
  expect(await proposeInactive(open.centre)).toBe(0);
});

test('who came back since she was proposed can not be anonymised, by whichever profile; she is kept', async () => {
  const [one, two] = [somebody(900, 800), somebody(850, 820)];
  till.make({ kind: 'member.merged', memberId: two.memberId, intoId: one.memberId, reason: 'same' });
  await till.sync();
  await setMonths(24);
  await proposeInactive(open.centre);
  const { id } = must((await waiting())[0], 'she is proposed');
  till.stamp(two, 1, {
    wallMs: nowMs - DAY_MS,
    hlc: (nowMs - DAY_MS).toString(16).padStart(12, '0') + '0000',
  });
  await till.sync();
  await expect(answer(id, { action: 'anonymise' })).rejects.toThrow(/has come back.*Nothing was changed/);
  const { rows } = await open.centre.database.sql.query('select count(*)::int as count from erasures');
  expect([rows, (await waiting()).length]).toEqual([[{ count: 0 }], 1]);
  await answer(id, { action: 'keep' });
  expect(await waiting()).toEqual([]);
});

test('who joined again since she was proposed has come back, though nothing was booked for her yet', async () => {
  const old = somebody(900, 800);
  await till.sync();
  await setMonths(24);
  await proposeInactive(open.centre);
  const { id } = must((await waiting())[0], 'she is proposed');
  const anew = somebody(1, null);
  till.make({ kind: 'member.merged', memberId: old.memberId, intoId: anew.memberId, reason: 'same' });
  await till.sync();
  await expect(answer(id, { action: 'anonymise' })).rejects.toThrow(/has come back.*Nothing was changed/);
  const { rows } = await open.centre.database.sql.query('select state from members');
  expect(rows).toEqual([{ state: 'active' }, { state: 'active' }]);
});

test('a person is all profiles that were joined, however many steps away', async () => {
  const [root, middle, leaf] = [somebody(900, 800), somebody(900, 790), somebody(900, 5)];
  const [old, older, oldest] = [somebody(900, 800), somebody(900, 820), somebody(900, 780)];
  for (const [from, into] of [
    [leaf, middle],
    [middle, root],
    [oldest, older],
    [older, old],
  ] as const)
    till.make({ kind: 'member.merged', memberId: from.memberId, intoId: into.memberId, reason: 'same' });
  await till.sync();
  await setMonths(24);
  await proposeInactive(open.centre);
  const found = (await waiting()).map(({ memberId, detail }) => [
    memberId,
    'lastAtMs' in detail ? detail.lastAtMs : 0,
  ]);
  expect(found).toEqual([[old.memberId, nowMs - 780 * DAY_MS]]);
});

test('two centres over one database propose the same member once', async () => {
  somebody(900, 800);
  await till.sync();
  await setMonths(24);
  const { database } = open.centre;
  const atOnce = await database.transaction(async (tx) => {
    await lockHead(tx);
    const both = [1, 2].map((later) =>
      proposeInactive({ database, clock: { nowMs: () => nowMs + later * 1_000 } }),
    );
    // Both have looked, and wait for the head to tell it.
    const stuck = `select count(*)::int as count from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock'`;
    await expect.poll(async () => (await database.counter.sql.query(stuck)).rows).toEqual([{ count: 2 }]);
    return both;
  });
  await Promise.all(atOnce);
  expect(await waiting()).toHaveLength(1);
});

describe('what is left of her', () => {
  const ALL = [{ units: 3 }, { units: 1_240 }];
  const NONE = [{ units: 0 }, { units: 0 }];
  /** Three stamps, and credit of 12.40 on a second profile of hers, which is told; long ago. */
  async function twoProfiles(): Promise<CardRef> {
    const type = { cardTypeId: 'prepaid', kind: 'credit', version: 1, name: 'Prepaid' };
    const body = CardType.parse(type);
    await open.centre.database.transaction((tx) =>
      saveDocuments(tx, [{ kind: 'card-type', id: 'prepaid', body }]),
    );
    const one = somebody(900, 800);
    till.stamp(one, 2, at(790));
    till.cardTypeId = 'prepaid' as CardTypeId;
    const two = somebody(900, null);
    till.make(
      { kind: 'credit.toppedUp', ...two, cardTypeVersion: 1, creditMinor: 1_240, receiptNo: '' },
      at(780),
    );
    till.make({ kind: 'member.merged', memberId: two.memberId, intoId: one.memberId, reason: 'same' });
    await till.sync();
    return two;
  }
  const query = async (text: string) => (await open.centre.database.sql.query(text)).rows;
  const balances = () => query('select balance::int as units from accounts order by balance');
  const own = () => query(`select kind from ops where till_id = 'centre' order by seq`);
  const askAbout = async (leftBalance: Chain['leftBalance']): Promise<string> => {
    await setMonths(24, { leftBalance });
    await proposeInactive(open.centre);
    return must((await waiting())[0], 'she is proposed').id;
  };

  test('a chain without a rule books nothing: it stays in the ledger', async () => {
    await twoProfiles();
    await answer(await askAbout(undefined), { action: 'anonymise' });
    expect([await balances(), await own()]).toEqual([ALL, [{ kind: 'member.state' }]]);
  });

  test('forfeited, each balance of every profile goes to zero right before she does, in the names of both', async () => {
    await twoProfiles();
    const id = await askAbout('forfeited');
    await answer(id, { action: 'anonymise' });
    await answer(id, { action: 'anonymise' });
    expect(await balances()).toEqual(NONE);
    const forfeited = { kind: 'balance.forfeited' };
    expect(await own()).toEqual([forfeited, forfeited, { kind: 'member.state' }]);
    const books = `select entry.delta::int as delta, "row"::json ->> 'actorId' as by from entries entry
      where "row"::json ->> 'kind' = 'balance.forfeited' order by delta`;
    expect(await query(books)).toEqual([
      { delta: -1_240, by: 'staff-1' },
      { delta: -3, by: 'staff-1' },
    ]);
    expect(await checkBooks(open.centre)).toBe(0);
  });

  test('paid out, whoever has money left is not erased from here; without any, the rest is forfeited', async () => {
    const two = await twoProfiles();
    const id = await askAbout('paid_out');
    await expect(answer(id, { action: 'anonymise' })).rejects.toThrow(
      /credit left.*Nothing was changed.*at a till/,
    );
    expect([await balances(), await own(), (await waiting()).length]).toEqual([ALL, [], 1]);
    const spent = { kind: 'credit.spent', ...two, cardTypeVersion: 1, creditMinor: 1_240, receiptNo: '' };
    till.make(spent, at(781));
    await till.sync();
    await answer(id, { action: 'anonymise' });
    expect([await balances(), await own()]).toEqual([
      NONE,
      [{ kind: 'balance.forfeited' }, { kind: 'member.state' }],
    ]);
  });
});
