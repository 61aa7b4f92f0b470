import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { rowsOf, type Sql } from '../../../crm/database.ts';
import { createHandWatch } from '../../../crm/inbox/hand-limits.ts';
import { listAudit } from '../../../crm/repos/audit-log.ts';
import { listStaffByIds, saveDocuments } from '../../../crm/repos/documents.ts';
import { listGivenByHand } from '../../../crm/repos/log.ts';
import { hashPin } from '../../../sync/base/pin.ts';
import { must } from '../../../sync/base/must.ts';
import { WHOLE_CHAIN, type StaffId } from '../../../sync/base/ids.ts';
import { documentSum } from '../../../sync/model/chain.ts';
import type { OpBodyOf } from '../../../sync/model/op.ts';
import type { InboxAnswer } from '../../../sync/protocol/inbox.ts';
import { startPostgres, type PostgresPart } from '../../parts/postgres.ts';
import { addSecond, anonymisedBy, SECOND, SECOND_ID } from '../../parts/second.ts';
import { MANAGER_PIN, openTestCentre, type TestCentre } from './test-centre.ts';
import { injected, TestTill, type CardRef } from './test-till.ts';

const MANAGER = { login: 'manager', pin: MANAGER_PIN };
let postgres: PostgresPart;
let open: TestCentre;
let till: TestTill;
let ref: CardRef;
beforeAll(async () => {
  postgres = await startPostgres();
}, 60_000);
afterAll(() => postgres.stop());
beforeEach(async () => {
  open = await openTestCentre({ url: await postgres.createDatabase() });
  till = await TestTill.enrol(injected(open.app));
  till.cardTypeId = 'points' as never;
  ref = till.makeMember();
  await till.sync();
  return () => open.close();
}, 60_000);

async function setSecond(change: { role?: 'cashier' | 'manager'; isGone?: boolean }): Promise<void> {
  const { database, scrypt } = open.centre;
  const pinHash = await hashPin(SECOND.pin, 'c2FsdA==', scrypt);
  const body = {
    ...{ staffId: SECOND_ID, version: 2, login: SECOND.login, name: 'Second', role: 'supervisor' as const },
    ...{ pinHash, isGone: false, ...change },
  };
  await database.transaction((tx) => saveDocuments(tx, [{ kind: 'staff', id: SECOND_ID, body }]));
}

const stateOf = async (): Promise<string | undefined> => {
  const text = 'select state from members where member_id = $1';
  const [row] = await rowsOf<{ state: string }>(open.centre.database.sql, text, [ref.memberId]);
  return row?.state;
};
const heldNow = async (): Promise<string[]> =>
  (await till.sync()).flatMap(({ held }) => held.map(({ reason }) => reason));
const namedIn = (note: string) => {
  const { secondId, savedBy } = JSON.parse(note) as { secondId: string | null; savedBy?: string | null };
  return { second: secondId, ...(savedBy != null && { savedBy }) };
};
const audit = async () =>
  (await listAudit(open.centre.database.sql, 1, 50)).map(({ actorId, action, objectId, note }) => ({
    ...{ actorId, action, objectId },
    ...namedIn(action.startsWith('inbox.') ? '{"secondId":null}' : note),
  }));
type Credentials = typeof MANAGER;
const answer = (
  id: string,
  said: InboxAnswer,
  { by, second = null }: { by: Credentials; second?: Credentials | null },
) => till.sendTo(`/v1/inbox/${id}/answer`, { ...by, reason: 'asked', answer: said, second });
const firstItem = async (): Promise<string> => {
  const text = `select id from inbox where state = 'open' order by id limit 1`;
  const [row] = await rowsOf<{ id: string }>(open.centre.database.sql, text);
  return must(row, 'something waits').id;
};

test('a till is not believed: who is not there, a cashier, somebody who left or the manager herself backs nobody', async () => {
  const lone = { ...anonymisedBy(ref.memberId), secondId: 'staff-1' as StaffId };
  till.make(lone);
  till.make(anonymisedBy(ref.memberId));
  till.make({ ...lone, secondId: 'staff-2' as StaffId });
  expect(await heldNow()).toEqual(['not_allowed', 'not_allowed', 'not_allowed']);
  await addSecond(open.centre);
  await setSecond({ isGone: true });
  till.make(anonymisedBy(ref.memberId));
  expect(await heldNow()).toEqual(['not_allowed']);
  expect(await stateOf()).toBe('active');
  await setSecond({ isGone: false });
  till.make(anonymisedBy(ref.memberId));
  expect([await heldNow(), await stateOf()]).toEqual([[], 'anonymised']);
});

test('both names stay in the log of decisions when the body that named them is gone', async () => {
  await addSecond(open.centre);
  const { opId } = till.make(anonymisedBy(ref.memberId));
  await till.sync();
  const text = `select body::json ->> 'secondId' as second from ops where op_id = $1`;
  expect((await open.centre.database.sql.query(text, [opId])).rows).toEqual([{ second: null }]);
  expect(await audit()).toEqual([
    { actorId: 'staff-1', action: 'member.anonymised', objectId: ref.memberId, second: SECOND_ID },
  ]);
});

test('an older till’s op of one person is not lost: it waits, and the second person is who applies it', async () => {
  await addSecond(open.centre, 'manager');
  const { secondId: _nobody, ...alone } = anonymisedBy(ref.memberId);
  till.make(alone);
  expect([await heldNow(), await stateOf()]).toEqual([['not_allowed'], 'active']);
  const id = await firstItem();
  const own = await answer(id, { action: 'apply' }, { by: MANAGER });
  expect([own.status, await stateOf()]).toEqual([409, 'active']);
  expect(own.body).toMatchObject({ message: expect.stringMatching(/another manager applies it/) });
  const repaired = { action: 'repair', body: { ...alone, reason: 'asked again' } } as const;
  expect((await answer(id, repaired, { by: MANAGER })).status).toBe(409);
  expect((await answer(id, { action: 'apply' }, { by: SECOND })).status).toBe(200);
  expect(await stateOf()).toBe('anonymised');
  expect(await audit()).toMatchObject([
    { actorId: 'staff-1', action: 'member.anonymised', second: SECOND_ID },
    { actorId: SECOND_ID, action: 'inbox.apply' },
  ]);
});

async function propose(): Promise<string> {
  const detail = JSON.stringify({ kind: 'inactive_member', months: 24, lastAtMs: Date.now() });
  await open.centre.database.sql.query(
    `insert into inbox (id, topic, kind, member_id, till_id, seq, at_ms, detail, state)
     values ('proposed', 'proposed', 'inactive_member', $1, 'centre', 1, 1, $2, 'open')`,
    [ref.memberId, detail],
  );
  return 'proposed';
}

test('who was proposed to be anonymised goes by two PINs, both checked at the centre', async () => {
  await addSecond(open.centre);
  const id = await propose();
  const said = { action: 'anonymise' } as const;
  for (const second of [null, MANAGER, { ...SECOND, pin: '111111' }]) {
    const { status } = await answer(id, said, { by: MANAGER, second });
    expect([status >= 400, await stateOf()]).toEqual([true, 'active']);
  }
  await setSecond({ role: 'cashier' });
  expect((await answer(id, said, { by: MANAGER, second: SECOND })).status).toBe(403);
  await setSecond({});
  expect((await answer(id, said, { by: MANAGER, second: SECOND })).status).toBe(200);
  expect(await stateOf()).toBe('anonymised');
  expect(await audit()).toMatchObject([
    { actorId: 'staff-1', second: SECOND_ID },
    { action: 'inbox.anonymise' },
  ]);
});

const credit = (points: number, more: object = {}) =>
  till.make({
    ...{ kind: 'points.credited', ...ref, cardTypeVersion: 1, amountMinor: null, receiptNo: '', points },
    ...{ reason: 'sorry', ...more },
  });

test('points that two managers stand for are beyond no limit; a supervisor stands for none', async () => {
  await addSecond(open.centre);
  credit(9_000, { secondId: SECOND_ID });
  expect(await heldNow()).toEqual(['not_allowed']);
  await setSecond({ role: 'manager' });
  const { opId } = credit(9_000, { secondId: SECOND_ID });
  credit(5_000);
  expect(await heldNow()).toEqual([]);
  const watch = createHandWatch(open.centre);
  expect(await watch()).toBe(0);
  expect(await audit()).toEqual([
    { actorId: 'staff-1', action: 'points.credited', objectId: opId, second: SECOND_ID },
  ]);
  credit(1);
  await till.sync();
  expect(await watch()).toBe(1);
});

const points = async (): Promise<number | undefined> => {
  const text = 'select balance from accounts where account_id = $1';
  return (await rowsOf<{ balance: number }>(open.centre.database.sql, text, [ref.accountId]))[0]?.balance;
};

test('points that name somebody who stands by nobody: who gave them applies them not, and who does is the second', async () => {
  await addSecond(open.centre, 'manager');
  const { opId } = credit(9_000, { secondId: 'staff-2' });
  expect(await heldNow()).toEqual(['not_allowed']);
  const id = await firstItem();
  const own = await answer(id, { action: 'apply' }, { by: MANAGER });
  expect([own.status, await points()]).toEqual([409, 0]);
  expect((await answer(id, { action: 'apply' }, { by: SECOND })).status).toBe(200);
  expect(await points()).toBe(9_000);
  expect(await audit()).toMatchObject([
    { actorId: 'staff-1', action: 'points.credited', objectId: opId, second: SECOND_ID },
    { action: 'inbox.apply' },
  ]);
});

test('a repair makes no other act of an op: a cashier’s lock erases nobody, and no other name stands behind anything', async () => {
  await addSecond(open.centre, 'manager');
  const [actorId, { secondId, ...erased }] = ['staff-2' as StaffId, anonymisedBy(ref.memberId)];
  const locked = { ...erased, state: 'locked' } as const satisfies OpBodyOf<'member.state'>;
  till.make(locked, { actorId });
  expect(await heldNow()).toEqual(['not_allowed']);
  const id = await firstItem();
  for (const body of [erased, { ...erased, secondId }, { ...locked, secondId }])
    expect((await answer(id, { action: 'repair', body }, { by: MANAGER })).status).toBe(400);
  expect(await stateOf()).toBe('active');
  const body = { ...locked, reason: 'a card was found' };
  expect((await answer(id, { action: 'repair', body }, { by: MANAGER })).status).toBe(200);
  expect(await stateOf()).toBe('locked');
  const given = credit(9_000, { secondId: 'staff-2' }).body;
  expect(await heldNow()).toEqual(['not_allowed']);
  const alone = { ...given, secondId: undefined };
  for (const changed of [alone, { ...given, secondId }]) {
    const said = { action: 'repair', body: changed } as const;
    expect((await answer(await firstItem(), said, { by: SECOND })).status).toBe(400);
  }
  expect(await points()).toBe(0);
});

test('an id that comes twice makes nothing of two people into one person’s, nor of one into two', async () => {
  await addSecond(open.centre, 'manager');
  const backed = credit(9_000, { secondId: SECOND_ID });
  const alone = credit(10);
  await till.sync();
  const [mine, other] = [till, await TestTill.enrol(injected(open.app))];
  till = other;
  for (const { opId } of [backed, alone]) Object.assign(credit(3), { opId });
  other.ops[1] = { ...other.ops[1], prev: other.hashAt(1) } as (typeof other.ops)[number];
  expect(await heldNow()).toEqual(['op_id_repeated', 'op_id_repeated']);
  till = mine;
  const { given } = await listGivenByHand(open.centre.database.sql, 0);
  expect(given.map((each) => each.points)).toEqual([10]);
});

test('what was given by hand is asked of the ops by their ids, however many there are', async () => {
  credit(10);
  await till.sync();
  const plan = await open.centre.database.transaction(async (tx) => {
    for (const way of ['seqscan', 'hashjoin', 'mergejoin']) await tx.query(`set local enable_${way} = off`);
    const lines: unknown[] = [];
    const explained: Sql = {
      query: async (text, values) => {
        if (text.includes('join ops')) lines.push(...(await tx.query(`explain ${text}`, values)).rows);
        return tx.query(text, values);
      },
    };
    await listGivenByHand(explained, 0);
    return JSON.stringify(lines);
  });
  expect(plan).toMatch(/using ops_op_id/);
});

/** The manager gives the second another PIN, as a till sends it. */
async function resetSecond(): Promise<void> {
  const [known] = await listStaffByIds(open.centre.database.sql, [SECOND_ID]);
  const now = must(known, 'she works here');
  const body = { ...now, pinHash: 'another', version: now.version + 1 };
  const named = { docKind: 'staff', id: SECOND_ID, baseVersion: now.version, baseSum: documentSum(now) };
  till.make({ kind: 'document.saved', memberId: WHOLE_CHAIN, ...named, body });
}

test('who saved the newest version of the second stands in the log beside her: the actor may know that PIN', async () => {
  await addSecond(open.centre, 'manager');
  credit(1, { secondId: SECOND_ID });
  await resetSecond();
  credit(2, { secondId: SECOND_ID });
  await till.sync();
  credit(3, { secondId: SECOND_ID });
  await till.sync();
  await setSecond({ role: 'manager' });
  credit(4, { secondId: SECOND_ID });
  await till.sync();
  const saved = [undefined, 'staff-1', 'staff-1', undefined];
  expect((await audit()).map(({ savedBy }) => savedBy)).toEqual(saved);
});
