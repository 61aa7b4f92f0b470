import { expect, test } from 'vitest';
import { listReleases } from '../../../../crm/repos/ops.ts';
import { newId } from '../../../../sync/base/ids.ts';
import type { CardRef, Pen, PenCentre } from '../../../parts/pen.ts';
import { answer, openItems } from './desk.ts';
import { penForEach } from '../pen-for-each.ts';

let centre: PenCentre;
let till: Pen;

penForEach(async (made) => {
  centre = made;
  till = await made.till('till-a');
});

const heldCount = async (): Promise<number> =>
  (await till.fates()).filter(({ held, released }) => held !== null && released === null).length;

for (const at of [0, 500, 998]) {
  test(`one poisoned op of 1,000, place ${at + 1}: 999 are applied, one waits (N9, R-N8)`, async () => {
    const ref = till.enrol();
    for (let count = 0; count < 999; count += 1) {
      if (count === at) till.write({ kind: 'stamp.added' });
      else till.stamp(ref);
    }
    await till.push();
    expect(await centre.balance(ref.accountId)).toBe(998);
    expect(await heldCount()).toBe(1);
    const items = await openItems(centre);
    expect(items.map(({ detail }) => detail)).toEqual([
      { kind: 'held_op', reason: 'bad_body', opKind: 'stamp.added' },
    ]);
    await answer(centre, items[0], {
      action: 'repair',
      body: { kind: 'stamp.added', ...ref, amountMinor: null, receiptNo: '', cardTypeVersion: 1, count: 7 },
    });
    expect(await centre.balance(ref.accountId)).toBe(1_005);
    expect([await heldCount(), await openItems(centre)]).toEqual([0, []]);
  });
}

/** An enrolment that nobody can read, with everything that hangs on it. */
function poisonedEnrolment(): { ref: CardRef; body: { kind: string } } {
  const ref = till.enrol();
  const prepared = till.ops.pop();
  const body = { ...prepared?.op.body, kind: 'member.created' };
  till.write({ ...body, supportId: 'x'.repeat(21) } as { kind: string });
  return { ref, body };
}

test('dependants wait on the poisoned op only, and follow it in the order of their numbers', async () => {
  const { ref, body } = poisonedEnrolment();
  const other = till.enrol();
  const stamp = till.stamp(ref, 3);
  till.stamp(other, 2);
  till.edit(ref.memberId, { firstName: 'Bea' });
  const counter = { ...ref, correctsOpId: stamp.opId, delta: -3, reason: '', cardTypeVersion: 1 };
  till.write({ kind: 'entry.corrected', ...counter });
  till.stamp(ref, 4);
  await till.push();
  expect(await centre.balance(other.accountId)).toBe(2);
  expect((await till.fates()).map(({ held }) => held)).toEqual([
    'bad_body',
    null,
    'unknown_target',
    null,
    'unknown_target',
    'unknown_target',
    'unknown_target',
  ]);
  const before = await centre.headSeq();
  const [poisoned] = await openItems(centre);
  await answer(centre, poisoned, { action: 'repair', body });
  expect(await centre.balance(ref.accountId)).toBe(4);
  expect((await centre.member(ref.memberId)).firstName).toBe('Bea');
  const released = (await till.fates()).map((fate) => fate.released);
  expect(released).toEqual([before + 1, null, before + 2, null, before + 3, before + 4, before + 5]);
  expect(await openItems(centre)).toEqual([]);
  expect(await listReleases(centre.database.sql, { tillId: till.tillId, afterSeq: before + 3 })).toEqual([
    { incarnation: 1, tseq: 6, seq: before + 4 },
    { incarnation: 1, tseq: 7, seq: before + 5 },
  ]);
  const [entries] = await centre.rows<{ sum: string; count: number }>(
    'select sum(delta) as sum, count(*) as count from entries where account_id = $1',
    [ref.accountId],
  );
  expect(entries).toMatchObject({ sum: '4', count: 3 });
});

test('an op that came before its member is applied when the member comes, by itself', async () => {
  const other = await centre.till('till-b');
  const ref = other.enrol();
  till.stamp(ref, 5);
  await till.push();
  expect(await heldCount()).toBe(1);
  await other.push();
  expect(await centre.balance(ref.accountId)).toBe(5);
  expect([await heldCount(), await openItems(centre)]).toEqual([0, []]);
});

test('a manager answers for what its maker had no right to do; nobody else is asked again', async () => {
  const ref = till.enrol();
  till.actorId = 'anna';
  till.write({ kind: 'member.state', memberId: ref.memberId, state: 'blocked', epoch: 0, reason: 'x' });
  await till.push();
  expect((await centre.member(ref.memberId)).state).toBe('active');
  const [item] = await openItems(centre);
  await answer(centre, item, { action: 'apply' });
  expect((await centre.member(ref.memberId)).state).toBe('blocked');
});

test('a dismissed op has no effect, and its till is told a number so that it shows it no more', async () => {
  const ref = till.enrol();
  till.actorId = 'nobody';
  till.stamp(ref, 5);
  await till.push();
  const [item] = await openItems(centre);
  await answer(centre, item, { action: 'dismiss' });
  expect(await centre.balance(ref.accountId)).toBe(0);
  const releases = await listReleases(centre.database.sql, { tillId: till.tillId, afterSeq: 0 });
  expect(releases).toEqual([{ incarnation: 1, tseq: 2, seq: await centre.headSeq() }]);
});

test('a repair keeps kind and member, and an answer that can not be done changes nothing', async () => {
  const ref = till.enrol();
  till.write({ kind: 'stamp.added', memberId: ref.memberId });
  await till.push();
  const [item] = await openItems(centre);
  const stamp = {
    kind: 'stamp.added',
    ...ref,
    amountMinor: null,
    receiptNo: '',
    cardTypeVersion: 1,
    count: 1,
  };
  const before = await centre.headSeq();
  const foreign = { ...stamp, memberId: newId() };
  await expect(answer(centre, item, { action: 'repair', body: foreign })).rejects.toThrow('another member');
  await expect(answer(centre, item, { action: 'repair', body: { kind: 'x' } })).rejects.toThrow(
    'well formed',
  );
  await expect(answer(centre, item, { action: 'apply' })).rejects.toThrow('bad_body');
  await expect(answer(centre, item, { action: 'merge', intoId: ref.memberId })).rejects.toThrow('not fit');
  const lost = { ...stamp, accountId: newId() };
  await expect(answer(centre, item, { action: 'repair', body: lost })).rejects.toThrow('unknown_target');
  expect([await centre.headSeq(), (await openItems(centre)).length]).toEqual([before, 1]);
});
