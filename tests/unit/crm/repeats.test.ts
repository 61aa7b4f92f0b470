import { expect, test } from 'vitest';
import { rowsOf } from '../../../crm/database.ts';
import { verifyCentre } from '../../../crm/routes/health.ts';
import { sqlStore } from '../../../crm/sql-store.ts';
import { bookStrays } from '../../../crm/strays.ts';
import { openUnit, saveUnit } from '../../../crm/unit.ts';
import { must } from '../../../sync/base/must.ts';
import type { WireOp } from '../../../sync/model/op.ts';
import { IncarnationReply, StraysReply } from '../../../sync/protocol/exchange.ts';
import { centreForAll } from './centre-for-all.ts';
import { codeOf, TestTill, type CardRef } from './test-till.ts';

const open = centreForAll();
const { post } = open;

const balanceOf = async ({ accountId }: CardRef): Promise<number> => {
  const text = 'select balance from accounts where account_id = $1';
  const [row] = await rowsOf<{ balance: number }>(open.centre.database.sql, text, [accountId]);
  return must(row, 'the account is there').balance;
};
/** What managers were told because of this till. */
const toldOf = async ({ enrolled }: TestTill): Promise<string[]> => {
  const text = `select kind || coalesce(' ' || (detail ->> 'reason'), '') as what from inbox where till_id = $1 order by id`;
  const rows = await rowsOf<{ what: string }>(open.centre.database.sql, text, [enrolled.tillId]);
  return rows.map(({ what }) => what);
};
const stateOf = async ({ enrolled }: TestTill): Promise<string> => {
  const text = 'select state from tills where till_id = $1';
  const [row] = await rowsOf<{ state: string }>(open.centre.database.sql, text, [enrolled.tillId]);
  return must(row, 'the till is there').state;
};
const strayIds = async ({ enrolled }: TestTill): Promise<string[]> => {
  const text = 'select op_id as id from stray_ops where till_id = $1 and booked_at_ms is null';
  return (await rowsOf<{ id: string }>(open.centre.database.sql, text, [enrolled.tillId])).map(
    ({ id }) => id,
  );
};
const book = ({ enrolled }: TestTill) =>
  open.centre.database.transaction(async (tx) => {
    const unit = await openUnit(sqlStore(tx, open.centre.crypto, null), open.centre.clock.nowMs());
    const booked = await bookStrays(unit, enrolled.tillId, 'staff-1');
    await saveUnit(unit);
    return booked;
  });

/** A till with a member and one stamp of two, all at the centre. */
async function workedTill(): Promise<{ till: TestTill; ref: CardRef; stamp: WireOp }> {
  const till = await TestTill.enrol(post);
  const ref = till.makeMember();
  const stamp = till.stamp(ref, 2);
  await till.sync();
  return { till, ref, stamp };
}

/** The till as it goes on after it was put back from a copy that did not have the stamp. */
async function restoredTill(till: TestTill): Promise<TestTill> {
  const { tillId } = till.enrolled;
  const asked = { protocol: 1, tillId, incarnation: 1, lastTseq: 1, requestId: 'a'.repeat(32) };
  const reply = IncarnationReply.parse((await till.sendTo('/v1/incarnations', asked)).body);
  return new TestTill(post, { ...till.enrolled, ...reply }, till.secretKey);
}

test('another till’s op id with other content is held, a manager is told, and neither till is stopped', async () => {
  const { till, ref, stamp } = await workedTill();
  const other = await TestTill.enrol(post);
  other.stamp(ref, 9, { opId: stamp.opId });
  other.stamp(ref, 1);
  const reply = await other.exchange();
  expect(reply.held).toEqual([{ tseq: 1, reason: 'op_id_repeated' }]);
  expect(await balanceOf(ref)).toBe(3);
  expect(await toldOf(other)).toEqual(['held_op op_id_repeated']);
  expect([await stateOf(till), await stateOf(other)]).toEqual(['live', 'live']);
});

test('another till’s op id with the same content counts once, and nobody is told', async () => {
  const { ref, stamp } = await workedTill();
  const other = await TestTill.enrol(post);
  other.stamp(ref, 2, { opId: stamp.opId });
  const { held, releases } = await other.exchange();
  expect([held.length, releases.map(({ tseq }) => tseq)]).toEqual([1, [1]]);
  expect([await balanceOf(ref), await toldOf(other)]).toEqual([2, []]);
});

test('other content under an own op id is a fork: stopped, nothing applied, kept, and a manager is told', async () => {
  const { till, ref, stamp } = await workedTill();
  till.stamp(ref, 1);
  till.stamp(ref, 9, { opId: stamp.opId });
  const before = (await verifyCentre(open.centre)).seq;
  expect(codeOf(await till.send())).toBe('till_forked');
  expect(codeOf(await till.send())).toBe('till_forked');
  expect([await balanceOf(ref), (await verifyCentre(open.centre)).seq]).toEqual([2, before]);
  expect([await stateOf(till), await toldOf(till)]).toEqual(['quarantined', ['till_forked']]);
  expect((await strayIds(till)).sort()).toEqual(
    till.ops
      .slice(2)
      .map(({ opId }) => opId as string)
      .sort(),
  );
  expect(await book(till)).toMatchObject({ booked: 2, dropped: 0 });
  expect([await balanceOf(ref), (await toldOf(till)).sort()]).toEqual([
    ...[3, ['held_op op_id_repeated', 'till_forked']],
  ]);
});

test('two ops of one request with one id and other content are a fork too', async () => {
  const { till, ref } = await workedTill();
  const { opId } = till.stamp(ref, 1);
  till.stamp(ref, 4, { opId });
  expect(codeOf(await till.send())).toBe('till_forked');
  expect([await stateOf(till), await balanceOf(ref)]).toEqual(['quarantined', 2]);
});

test('a restored till that is pressed once more counts once, though it pays for it otherwise; nobody is told', async () => {
  const { till, ref } = await workedTill();
  const spend = { kind: 'reward.redeemed', ...ref, cardTypeVersion: 1, rewardId: 'full-round', cost: 1 };
  const paid = { gain: 1, grant: 0, floor: 0, holdId: null };
  const first = till.make({ ...spend, cover: paid } as WireOp['body']);
  await till.sync();
  const [next, balance] = [await restoredTill(till), await balanceOf(ref)];
  next.make({ ...spend, cover: { ...paid, gain: 0, floor: 1 } } as WireOp['body'], { opId: first.opId });
  const { held, releases } = await next.exchange();
  expect([held.length, releases.length, await balanceOf(ref)]).toEqual([1, 1, balance]);
  expect((await toldOf(next)).filter((what) => what.includes('op_id_repeated'))).toEqual([]);
  expect(await stateOf(next)).toBe('live');
});

test('a restored till that says something else under an id that it has forgotten is held, told of, and works on', async () => {
  const { till, ref, stamp } = await workedTill();
  const next = await restoredTill(till);
  next.stamp(ref, 7, { opId: stamp.opId });
  expect((await next.exchange()).held).toEqual([{ tseq: 1, reason: 'op_id_repeated' }]);
  next.stamp(ref, 1);
  await next.exchange();
  expect([await balanceOf(ref), await stateOf(next), await toldOf(next)]).toEqual([
    ...[3, 'live', ['held_op op_id_repeated']],
  ]);
});

test('a stray with a known id is dropped where it says the same; otherwise it waits, and is held when it is booked', async () => {
  const { till, ref, stamp } = await workedTill();
  const next = await restoredTill(till);
  const { tillId } = till.enrolled;
  const send = async (count: number): Promise<StraysReply> => {
    const copy = till.clone(1);
    copy.stamp(ref, count, { opId: stamp.opId });
    const from = { incarnation: 1, tseq: 1, hash: till.hashAt(1) };
    const strays = { protocol: 1, tillId, incarnation: 2, from, batch: copy.pack(copy.ops.slice(1)) };
    return StraysReply.parse((await next.sendTo('/v1/strays', strays)).body);
  };
  expect([await send(2), await toldOf(till)]).toEqual([{ known: 1, kept: 0 }, []]);
  expect([await send(5), await toldOf(till)]).toEqual([{ known: 0, kept: 1 }, ['till_forked']]);
  await book(till);
  expect([await balanceOf(ref), (await toldOf(till)).length]).toEqual([2, 2]);
  expect((await verifyCentre(open.centre)).problems).toEqual([]);
});
