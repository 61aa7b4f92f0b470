import { expect, test } from 'vitest';
import { inboxId } from '../../../../crm/repos/inbox.ts';
import type { InboxAnswer, InboxView } from '../../../../sync/protocol/inbox.ts';
import type { Pen, PenCentre } from '../../../parts/pen.ts';
import { answer, openItems } from './desk.ts';
import { penForEach } from '../pen-for-each.ts';

let centre: PenCentre;
let one: Pen;
let two: Pen;

penForEach(async (made) => {
  centre = made;
  one = await made.till('till-a');
  two = await made.till('till-b');
});

const open = (): Promise<InboxView[]> => openItems(centre);
const answerItemWith = (item: InboxView | undefined, said: InboxAnswer): Promise<void> =>
  answer(centre, item, said);

const later = (ms: number): number => (centre.nowMs += ms);

/** A member that both tills have in their copies. */
async function known(): Promise<ReturnType<Pen['enrol']>> {
  const ref = one.enrol();
  await one.push();
  await two.push();
  later(60_000);
  return ref;
}

test('whoever saw the earlier value and changes it raises nothing, however often (N4)', async () => {
  const { memberId } = await known();
  for (const firstName of ['Bea', 'Cat', 'Dee']) {
    one.edit(memberId, { firstName });
    await one.push();
    await two.push();
    later(1_000);
    two.edit(memberId, { firstName: `${firstName}ta` });
    await two.push();
    await one.push();
    later(1_000);
  }
  expect((await centre.member(memberId)).firstName).toBe('Deeta');
  expect(await open()).toEqual([]);
});

test('two edits of one field, neither seen by the other: the later clock wins in either order, one item', async () => {
  const { memberId } = await known();
  const atMs = centre.nowMs;
  one.edit(memberId, { firstName: 'Bea', notes: 'same' }, atMs + 2_000);
  two.edit(memberId, { firstName: 'Cat', notes: 'same' }, atMs + 1_000);
  later(10_000);
  await one.push();
  await two.push();
  expect((await centre.member(memberId)).firstName).toBe('Bea');
  const items = await open();
  expect(items.map(({ detail }) => detail)).toEqual([
    expect.objectContaining({
      field: 'firstName',
      rule: 'later_clock',
      kept: expect.objectContaining({ value: 'Bea', tillId: 'till-a', actorId: 'boss' }) as unknown,
      other: expect.objectContaining({ value: 'Cat', tillId: 'till-b' }) as unknown,
    }),
  ]);
});

test('an edit that wins over a value its author had not seen is told too', async () => {
  const { memberId } = await known();
  one.edit(memberId, { firstName: 'Bea' });
  await one.push();
  later(1_000);
  two.edit(memberId, { firstName: 'Cat' });
  await two.push();
  expect((await centre.member(memberId)).firstName).toBe('Cat');
  const [item] = await open();
  expect(item?.detail).toMatchObject({ kept: { value: 'Cat' }, other: { value: 'Bea' } });
});

test('edits that waited behind a full batch were made before the till read on', async () => {
  const { memberId } = await known();
  const ref = two.enrol();
  one.edit(memberId, { firstName: 'Bea' });
  await one.push();
  for (let count = 0; count < 3; count += 1) two.stamp(ref);
  two.edit(memberId, { firstName: 'Cat' }, later(1_000));
  await two.push({ limit: 2 });
  await two.push({ limit: 1 });
  await two.push();
  expect((await open()).map(({ kind }) => kind)).toEqual(['field_conflict']);
});

test('different fields of one member are no conflict, the same value twice neither', async () => {
  const { memberId } = await known();
  one.edit(memberId, { firstName: 'Bea' });
  two.edit(memberId, { lastName: 'Lim', notes: 'x' });
  await one.push();
  await two.push();
  one.edit(memberId, { notes: 'x' });
  await one.push({ reads: false });
  expect(await centre.member(memberId)).toMatchObject({ firstName: 'Bea', lastName: 'Lim', notes: 'x' });
  expect(await open()).toEqual([]);
});

test('one press brings the other value back, as an op of the manager, on every copy', async () => {
  const { memberId } = await known();
  one.edit(memberId, { firstName: 'Bea' });
  await one.push();
  two.edit(memberId, { firstName: 'Cat' }, later(1_000));
  await two.push();
  const [item] = await open();
  later(1_000);
  await answerItemWith(item, { action: 'restore' });
  await answerItemWith(item, { action: 'restore' });
  expect((await centre.member(memberId)).firstName).toBe('Bea');
  const own = await centre.rows('select kind, header::json ->> $1 as actor from ops where till_id = $2', [
    'actorId',
    'centre',
  ]);
  expect(own).toEqual([{ kind: 'member.changed', actor: 'boss' }]);
  expect(await open()).toEqual([]);
  await expect(answerItemWith(item, { action: 'keep' })).rejects.toThrow('answered already');
});

test('what was written since, by whoever saw the value that stood, is not undone by an answer about the two before', async () => {
  const { memberId } = await known();
  one.edit(memberId, { mobile: '+6591110001' });
  one.write({ kind: 'member.extras', memberId, custom: { fax: '1' } });
  await one.push();
  two.edit(memberId, { mobile: '+6591110002' }, later(1_000));
  two.write({ kind: 'member.extras', memberId, custom: { fax: '2' } });
  await two.push();
  const items = await open();
  later(1_000);
  two.edit(memberId, { mobile: '+6591110003' });
  two.write({ kind: 'member.extras', memberId, custom: { fax: '3' } });
  await two.push();
  for (const item of items)
    await expect(answerItemWith(item, { action: 'restore' })).rejects.toThrow(
      /written anew.*Nothing was changed/,
    );
  expect(await centre.member(memberId)).toMatchObject({
    mobile: '+6591110003',
    extras: expect.stringContaining('"3"') as unknown,
  });
  expect((await open()).map(({ id }) => id)).toEqual(items.map(({ id }) => id));
  later(1_000);
  two.edit(memberId, { mobile: '+6591110002' });
  await two.push();
  await answerItemWith(items[0], { action: 'restore' });
  expect((await centre.member(memberId)).mobile).toBe('+6591110001');
  await answerItemWith(items[1], { action: 'keep' });
});

test('a clock of 1970 does not lose an edit that was made after the till was last here', async () => {
  const { memberId } = await known();
  one.edit(memberId, { firstName: 'Bea' });
  await one.push();
  await two.push();
  two.stamp(one.enrol());
  later(60_000);
  await two.push();
  later(60_000);
  two.edit(memberId, { firstName: 'Cat' }, 5_000);
  await two.push();
  expect((await centre.member(memberId)).firstName).toBe('Cat');
});

test('a clock far ahead wins nothing over who comes after it', async () => {
  const { memberId } = await known();
  one.edit(memberId, { firstName: 'Bea' }, centre.nowMs + 400 * 86_400_000);
  await one.push();
  await two.push();
  two.edit(memberId, { firstName: 'Cat' }, later(1_000));
  await two.push();
  expect((await centre.member(memberId)).firstName).toBe('Cat');
  expect((await open()).map(({ kind }) => kind)).toEqual(['clock_ahead']);
});

test('items come in the order of what raised them', () => {
  const ids = [inboxId(9, 10), inboxId(10, 2), inboxId(10, 11), inboxId(100, 0)];
  expect([...ids].sort()).toEqual(ids);
});
