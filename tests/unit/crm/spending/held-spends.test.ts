import { expect, test } from 'vitest';
import { insertStrays } from '../../../../crm/repos/strays.ts';
import { giveHolds } from '../../../../crm/spending/holds.ts';
import { turnIncarnation } from '../../../../crm/repos/incarnations.ts';
import { lockTill } from '../../../../crm/repos/tills.ts';
import { bookStrays } from '../../../../crm/strays.ts';
import { openUnit, saveUnit } from '../../../../crm/unit.ts';
import { newId, type OpId } from '../../../../sync/base/ids.ts';
import { must } from '../../../../sync/base/must.ts';
import type { SpendCover } from '../../../../sync/model/op.ts';
import type { HoldsReply, HoldsRequest } from '../../../../sync/protocol/holds.ts';
import type { CardRef, Pen, PenCentre } from '../../../parts/pen.ts';
import { answer, openItems } from '../inbox/desk.ts';
import { penForEach } from '../pen-for-each.ts';

let centre: PenCentre;
let one: Pen;
let two: Pen;

penForEach(async (made) => {
  centre = made;
  one = await made.till('till-a');
  two = await made.till('till-b');
});

const ask = (till: Pen, asked: Partial<HoldsRequest>, incarnation = 1): Promise<HoldsReply> =>
  giveHolds(
    { database: centre.database, clock: { nowMs: () => centre.nowMs } },
    {
      ...{ protocol: 1, tillId: till.tillId, incarnation, lastTseq: till.ops.length },
      ...{ reserve: null, want: [], letGo: [], ...asked },
    },
  );

/** What the second till could reserve now. */
const free = async ({ accountId }: CardRef): Promise<number> =>
  (await ask(two, { reserve: { opId: newId(), accountId, units: 1_000 } })).available;

const write = (ref: CardRef, cover: SpendCover, opId: OpId = newId()) =>
  one.write(
    { kind: 'reward.redeemed', ...ref, cardTypeVersion: 1, rewardId: 'cup', cost: 10, cover },
    { opId },
  );

/** A member with 30 stamps, and a spend of 10 under a reservation by somebody whom the centre does not know (yet). */
async function heldUnderReservation(): Promise<CardRef> {
  const ref = one.enrol();
  one.stamp(ref, 30);
  await one.push();
  const opId = newId<OpId>();
  await ask(one, { reserve: { opId, accountId: ref.accountId, units: 10 } });
  one.actorId = 'new-here';
  write(ref, { gain: 0, grant: 10, floor: 0, holdId: opId }, opId);
  await one.push();
  return ref;
}

/** All that its till made has come, and the time of every reservation is over. */
async function lapseAll(): Promise<void> {
  centre.nowMs += 60 * 60_000;
  await ask(one, {});
}

test('what a held spend took stays set aside until a manager has answered, and then is spent', async () => {
  const ref = await heldUnderReservation();
  await lapseAll();
  expect(await free(ref)).toBe(20);
  await answer(centre, (await openItems(centre))[0], { action: 'apply' });
  expect([await centre.balance(ref.accountId), await free(ref)]).toEqual([20, 20]);
});

test('a held spend that is dismissed sets nothing aside any more', async () => {
  const ref = await heldUnderReservation();
  await answer(centre, (await openItems(centre))[0], { action: 'dismiss' });
  expect([await centre.balance(ref.accountId), await free(ref)]).toEqual([30, 30]);
});

test('a held spend under a grant keeps its units when the till gives the grant up, and so does one of what was earned here', async () => {
  const ref = one.enrol();
  one.stamp(ref, 30);
  await one.push();
  const [grant] = (await ask(one, { want: [ref.accountId] })).grants;
  const { holdId, left } = must(grant, 'half of 30');
  expect(left).toBe(15);
  one.stamp(ref, 10);
  one.actorId = 'new-here';
  write(ref, { gain: 0, grant: 10, floor: 0, holdId });
  write(ref, { gain: 10, grant: 0, floor: 0, holdId: null });
  await one.push();
  await ask(one, { letGo: [holdId] });
  await lapseAll();
  expect(await free(ref)).toBe(20);
  for (const item of await openItems(centre)) await answer(centre, item, { action: 'apply' });
  expect([await centre.balance(ref.accountId), await free(ref)]).toEqual([20, 20]);
});

test('what an earlier copy left of a grant is free once a manager has booked its strays', async () => {
  const ref = one.enrol();
  one.stamp(ref, 30);
  await one.push();
  const [grant] = (await ask(one, { want: [ref.accountId] })).grants;
  write(ref, { gain: 0, grant: 10, floor: 0, holdId: must(grant, 'half of 30').holdId });
  await centre.database.transaction(async (tx) => {
    const till = must(await lockTill(tx, one.tillId), 'it was let in');
    await turnIncarnation(tx, till, { requestId: newId(), nowMs: centre.nowMs });
    await insertStrays(tx, one.ops.slice(2), centre.nowMs);
  });
  await centre.runUnit(async (store) => {
    const unit = await openUnit(store, centre.nowMs);
    await bookStrays(unit, one.tillId, 'boss');
    await saveUnit(unit);
  });
  expect(await centre.balance(ref.accountId)).toBe(20);
  expect(await free(ref)).toBe(20);
});

test('what a held spend of an earlier copy took stays set aside when a manager books its strays', async () => {
  const ref = await heldUnderReservation();
  one.actorId = 'boss';
  one.stamp(ref, 1);
  await centre.database.transaction(async (tx) => {
    const till = must(await lockTill(tx, one.tillId), 'it was let in');
    await turnIncarnation(tx, till, { requestId: newId(), nowMs: centre.nowMs });
    await insertStrays(tx, one.ops.slice(-1), centre.nowMs);
  });
  await centre.runUnit(async (store) => {
    const unit = await openUnit(store, centre.nowMs);
    await bookStrays(unit, one.tillId, 'boss');
    await saveUnit(unit);
  });
  expect([await centre.balance(ref.accountId), await free(ref)]).toEqual([31, 21]);
});
