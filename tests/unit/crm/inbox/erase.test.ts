import { expect, test } from 'vitest';
import { tellErasures } from '../../../../crm/inbox/erasures.ts';
import { nodeCrypto } from '../../../../crm/node-crypto.ts';
import { listErasures } from '../../../../crm/repos/erasures.ts';
import type { StaffId } from '../../../../sync/base/ids.ts';
import { commitmentOf, headerHash, type OpHeader, type WireOp } from '../../../../sync/model/op.ts';
import type { InboxAnswer } from '../../../../sync/protocol/inbox.ts';
import type { CardRef, Pen, PenCentre } from '../../../parts/pen.ts';
import { answer, answerAs, openItems } from './desk.ts';
import { penForEach } from '../pen-for-each.ts';

let centre: PenCentre;
let one: Pen;
let two: Pen;

penForEach(async (made) => {
  centre = made;
  one = await made.till('till-a');
  two = await made.till('till-b');
});

const CANARY = 'Quetzalcoatl';

/** Where the word stands in any table of the database. */
async function tablesWith(word: string): Promise<string[]> {
  const tables = await centre.rows<{ name: string }>(
    `select table_name as name from information_schema.tables where table_schema = 'public'`,
  );
  const found: string[] = [];
  for (const { name } of tables) {
    const [hit] = await centre.rows<{ count: number }>(
      `select count(*) as count from "${name}" t where t::text like $1`,
      [`%${word}%`],
    );
    if ((hit?.count ?? 0) > 0) found.push(name);
  }
  return found.sort();
}

/** An edit that no program of today understands. */
const unreadable = ({ memberId }: CardRef): { kind: string } => {
  const body = { kind: 'member.changed', memberId, fields: { colour: CANARY } };
  return body;
};

/** A member whose data went everywhere: row, ops, a conflict, a held op. */
async function spread(): Promise<CardRef> {
  const ref = one.enrol({
    lastName: CANARY,
    email: `${CANARY}@example.com`.toLowerCase(),
    mobile: '+6598765432',
  });
  one.stamp(ref, 3);
  await one.push();
  await two.push();
  centre.nowMs += 60_000;
  one.edit(ref.memberId, { notes: `${CANARY} one` });
  await one.push();
  two.edit(ref.memberId, { notes: `${CANARY} two` }, (centre.nowMs += 1_000));
  two.write(unreadable(ref));
  one.write({ kind: 'member.state', memberId: ref.memberId, state: 'locked', epoch: 0, reason: CANARY });
  await two.push();
  await one.push();
  return ref;
}

const erase = (ref: CardRef): Promise<void> => {
  const { memberId } = ref;
  const reason = `${CANARY} asked`;
  const secondId = 'lead' as StaffId;
  one.write({ kind: 'member.state', memberId, state: 'anonymised', epoch: 1, reason, secondId });
  return one.push();
};

/** The till's chain, from what the centre still has of it. */
async function verifyChain(pen: Pen): Promise<void> {
  const ops = await centre.rows<{
    header: OpHeader;
    body: WireOp['body'] | null;
    commitment: string | null;
    hash: string;
  }>('select header::json, body::json, commitment, hash from ops where till_id = $1 order by tseq', [
    pen.tillId,
  ]);
  let prev = '0'.repeat(32);
  for (const { header, body, commitment, hash } of ops) {
    // A salt that stayed would let the commitment be guessed back.
    expect(commitment === null || (header.salt === '' && body === null)).toBe(true);
    const kept = commitment ?? commitmentOf({ salt: header.salt, body: body ?? { kind: '' } }, nodeCrypto);
    expect([headerHash(header, kept, nodeCrypto), header.prev]).toEqual([hash, prev]);
    prev = hash;
  }
}

test('an anonymised member is in no table any more; ledger and chain hold (N15, I6)', async () => {
  const ref = await spread();
  expect(await tablesWith(CANARY)).toEqual(['inbox', 'members', 'ops']);
  await erase(ref);
  expect(await tablesWith(CANARY)).toEqual([]);
  expect(await tablesWith('8765432')).toEqual([]);
  expect(await centre.member(ref.memberId)).toMatchObject({
    state: 'anonymised',
    lastName: '',
    mobile: null,
    supportId: '',
    storeId: 'store-1',
  });
  expect(await centre.balance(ref.accountId)).toBe(3);
  await verifyChain(one);
  await verifyChain(two);
  expect((await openItems(centre)).filter(({ memberId }) => memberId === ref.memberId)).toEqual([]);
});

test('whatever a till that was away sends of them later is not kept; what it booked is', async () => {
  const ref = await spread();
  await erase(ref);
  centre.nowMs += 86_400_000;
  two.edit(ref.memberId, { lastName: CANARY, mobile: '+6598765432' });
  two.stamp(ref, 2);
  two.write({ kind: 'member.state', memberId: ref.memberId, state: 'active', epoch: 9, reason: CANARY });
  two.write(unreadable(ref));
  await two.push();
  expect(await tablesWith(CANARY)).toEqual([]);
  expect((await centre.member(ref.memberId)).state).toBe('anonymised');
  expect(await centre.balance(ref.accountId)).toBe(5);
  expect((await openItems(centre)).map(({ kind }) => kind)).toContain('late_edit');
  await verifyChain(two);
});

test('their number is free for somebody else, and nobody proposes a merge with them', async () => {
  const ref = await spread();
  await erase(ref);
  two.enrol({ mobile: '+6598765432', lookupId: 'L9' });
  await two.push();
  expect((await openItems(centre)).map(({ kind }) => kind)).not.toContain('shared_mobile');
});

test('whoever was merged with them goes too', async () => {
  const ref = one.enrol({ mobile: '+6598765432', lookupId: 'L1' });
  const twin = two.enrol({ mobile: '+6598765432', lookupId: 'L2', lastName: CANARY });
  await one.push();
  await two.push();
  const [pair] = await openItems(centre);
  await answer(centre, pair, { action: 'merge', intoId: ref.memberId });
  await erase(ref);
  expect((await centre.member(twin.memberId)).state).toBe('anonymised');
  expect(await tablesWith(CANARY)).toEqual([]);
});

test('erasures are told by a sequence of their own, and each till’s receipt is counted', async () => {
  const ref = await spread();
  await erase(ref);
  const { sql } = centre.database;
  const told = await tellErasures(sql, { tillId: 'till-a', purged: 0, nowMs: 1 });
  expect(told).toEqual({ memberIds: [ref.memberId], upTo: 1 });
  expect(await tellErasures(sql, { tillId: 'till-a', purged: 1, nowMs: 2 })).toBeNull();
  expect(await listErasures(sql, 10)).toMatchObject([{ memberId: ref.memberId, tills: 2, confirmed: 1 }]);
  await tellErasures(sql, { tillId: 'till-b', purged: 99, nowMs: 2 });
  expect(await listErasures(sql, 10)).toMatchObject([{ tills: 2, confirmed: 2 }]);
  await erase(ref);
  expect(await listErasures(sql, 10)).toHaveLength(1);
});

/** Answers the first open item of a kind, in words that name her. */
async function saysOf(kind: string, said: InboxAnswer): Promise<void> {
  const item = (await openItems(centre)).find((each) => each.kind === kind);
  await answerAs(centre, 'boss')(item, said, `${CANARY} says so`);
}

test('what managers said of her goes with her: as one of a pair, of a held op, of a card that two had', async () => {
  const number = one.number();
  const refs = [one.enrol({ mobile: '+6598765432', lookupId: 'L1' }, number)];
  await one.push();
  refs.push(two.enrol({ mobile: '+6598765432', lookupId: 'L2' }, number));
  const [first, second] = refs.sort((left, right) => (left.memberId < right.memberId ? -1 : 1)) as [
    CardRef,
    CardRef,
  ];
  two.cardTypeId = 'points';
  for (const ref of [first, second]) two.stamp(ref, 1_000);
  await two.push();
  expect((await openItems(centre)).map(({ kind }) => kind).sort()).toEqual([
    ...['card_bound_twice', 'held_op', 'held_op', 'shared_mobile'],
  ]);
  await saysOf('shared_mobile', { action: 'keep' });
  await saysOf('card_bound_twice', { action: 'keep' });
  await saysOf('held_op', { action: 'dismiss' });
  await saysOf('held_op', { action: 'dismiss' });
  expect(await tablesWith(CANARY)).toEqual(['inbox']);
  await erase(second);
  await erase(first);
  expect(await tablesWith(CANARY)).toEqual([]);
});

test('of somebody who is erased no words of a manager are kept, also where she answers after it', async () => {
  const ref = await spread();
  await erase(ref);
  two.stamp(ref, 1_000);
  two.edit(ref.memberId, { notes: 'late' });
  await two.push();
  await saysOf('late_edit', { action: 'keep' });
  await saysOf('held_op', { action: 'dismiss' });
  expect(await tablesWith(CANARY)).toEqual([]);
});
