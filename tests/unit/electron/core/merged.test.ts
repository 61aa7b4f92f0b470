import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, expect, test } from 'vitest';
import { openReplica } from '../../../../db/replica/open.ts';
import type { ReplicaDb } from '../../../../db/replica/types.ts';
import { openTill } from '../../../../db/till/open.ts';
import type { TillDb } from '../../../../db/till/types.ts';
import { confirmPurged, purge, purgedErasure } from '../../../../electron/core/purge.ts';
import { createOverlay, type Overlay } from '../../../../electron/core/overlay.ts';
import { newId, type AccountId, type CardId, type MemberId } from '../../../../sync/base/ids.ts';
import { agreesToMarketing } from '../../../../sync/merge/consents.ts';
import { blankMember } from '../../../../sync/model/member.ts';
import { EMPTY_ROWS } from '../../../../sync/model/feed.ts';
import { CHAIN_START, sealOp, type OpBody, type OpBodyOf } from '../../../../sync/model/op.ts';
import { testCrypto } from '../../../parts/node-crypto.ts';
import { createdBody, createRowTable, IDS, makeOp, ON_CARD } from '../../../parts/ops.ts';
import { KEY_HEX, makeFolder } from '../../../parts/till.ts';

const folder = makeFolder();
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let till: TillDb;
let replica: ReplicaDb;
let overlay: Overlay;
let centre: ReturnType<typeof createRowTable>;
let runs = 0;

const twin = {
  memberId: '01890000-0000-7000-8000-0000000000f1' as MemberId,
  cardId: '01890000-0000-7000-8000-0000000000f2' as CardId,
  accountId: '01890000-0000-7000-8000-0000000000f3' as AccountId,
};
const TWIN_NUMBER = '6035550000001248';

/** Everything that the centre has, as one pull brings it. */
function pull(): void {
  const rows = {
    ...EMPTY_ROWS,
    members: [...centre.members.values()],
    cards: [...centre.cards.values()],
    accounts: [...centre.accounts.values()].map((row, at) => ({ ...row, accountNo: at + 1 })),
    entries: [...centre.entries.values()],
  };
  replica.apply(rows, { epoch: 'e', cursor: centre.seqNow(), isSettled: true });
}

/** An op of this till that the centre has not seen. */
function append(body: OpBody): void {
  const tseq = (till.ops.last()?.tseq ?? 0) + 1;
  const op = {
    ...makeOp(body, { tseq, atMs: 1_800_000_000_000 + tseq }),
    prev: till.ops.last()?.hash ?? CHAIN_START,
  };
  till.transaction(() => till.ops.append(sealOp(op, testCrypto), []));
}

const stamp = (on: typeof ON_CARD, count: number): OpBody => ({
  kind: 'stamp.added',
  ...on,
  count,
  amountMinor: null,
  receiptNo: '',
});
const onTwin = { ...twin, cardTypeVersion: 1 };
const merge = (kind: 'member.merged' | 'member.unmerged'): OpBody => ({
  kind,
  memberId: twin.memberId,
  intoId: IDS.member,
  reason: '',
});

beforeEach(() => {
  runs += 1;
  till = openTill({ path: join(folder, `till-${runs}.db`), keyHex: KEY_HEX });
  replica = openReplica({ path: join(folder, `replica-${runs}.db`), keyHex: KEY_HEX });
  overlay = createOverlay(till, () => replica);
  centre = createRowTable();
  const created = createdBody() as OpBodyOf<'member.created'>;
  const card = { ...created.card, ...twin, cardNumber: TWIN_NUMBER };
  const { memberId: _memberId, ...twinCard } = card;
  centre.apply(makeOp(created));
  centre.apply(
    makeOp({
      ...created,
      memberId: twin.memberId,
      card: { ...twinCard } as NonNullable<typeof created.card>,
    }),
  );
  centre.apply(makeOp(stamp(ON_CARD, 2)));
  centre.apply(makeOp(stamp(onTwin, 3)));
});
afterEach(() => {
  till.close();
  replica.close();
});

test('old card, old id and new id find one person with the cards of both and what each holds (N5)', () => {
  centre.apply(makeOp(merge('member.merged')));
  pull();
  append(stamp(onTwin, 4));
  const found = overlay.findByCardNumber(TWIN_NUMBER);
  for (const id of [IDS.member, twin.memberId, found?.memberId ?? newId<MemberId>()]) {
    const laid = overlay.lay(id);
    expect(laid?.member.memberId).toBe(IDS.member);
    expect(laid?.cards.map((card) => card.cardId).sort()).toEqual([IDS.card, twin.cardId].sort());
    expect(laid?.accounts.get(IDS.account)?.view.balance).toBe(2);
    expect(laid?.accounts.get(twin.accountId)).toMatchObject({ confirmed: 3, view: { balance: 7 } });
    expect([laid?.openOps.length, laid?.openEntries.size]).toEqual([1, 1]);
  }
});

test('taken back, they are two again, each with its own', () => {
  pull();
  const before = [overlay.lay(IDS.member), overlay.lay(twin.memberId)].map((laid) => [
    laid?.cards,
    laid?.accounts,
  ]);
  centre.apply(makeOp(merge('member.merged')));
  pull();
  expect(overlay.lay(IDS.member)?.cards).toHaveLength(2);
  centre.apply(makeOp(merge('member.unmerged')));
  pull();
  const after = [overlay.lay(IDS.member), overlay.lay(twin.memberId)].map((laid) => [
    laid?.cards,
    laid?.accounts,
  ]);
  expect(after).toEqual(before);
});

test('a merged member whose other self is still on its way shows by itself', () => {
  centre.apply(makeOp(merge('member.merged')));
  const row = centre.members.get(twin.memberId);
  if (row === undefined) throw new Error('the twin is there');
  replica.apply({ ...EMPTY_ROWS, members: [row] }, { epoch: 'e', cursor: 1, isSettled: false });
  expect(overlay.lay(twin.memberId)?.member.memberId).toBe(twin.memberId);
});

test('an own edit of somebody who was anonymised elsewhere shows nothing of them (N15)', () => {
  pull();
  append({
    kind: 'member.changed',
    memberId: IDS.member,
    fields: { firstName: 'Wei', mobile: '+6591110009' },
  });
  expect(overlay.lay(IDS.member)?.member.firstName).toBe('Wei');
  const row = replica.member(IDS.member);
  if (row === undefined) throw new Error('the member is there');
  const blank = blankMember(row);
  replica.apply(
    { ...EMPTY_ROWS, members: [blank] },
    { epoch: 'e', cursor: centre.seqNow(), isSettled: true },
  );
  expect(overlay.lay(IDS.member)?.member).toEqual(blank);
  expect(replica.search({ key: 'p91110001', isPrefix: false }, 5)).toEqual([twin.memberId]);
});

test('who is anonymised goes from the copy at once; the receipt stops where the till’s own file still knows them', () => {
  pull();
  append({ kind: 'member.changed', memberId: twin.memberId, fields: { firstName: 'Wei' } });
  const stranger = newId<MemberId>();
  const told = { memberIds: [stranger, IDS.member, twin.memberId], upTo: 9 };
  purge({ till, replica }, told);
  expect([replica.member(IDS.member)?.lastName, replica.member(twin.memberId)?.lastName]).toEqual(['', '']);
  expect(replica.search({ key: 'p91110001', isPrefix: false }, 5)).toEqual([]);
  expect(purgedErasure({ till, replica })).toBe(0);
  confirmPurged(replica, told);
  expect([purgedErasure({ till, replica }), replica.meta().cursor]).toEqual([8, centre.seqNow()]);
});

test('a fresh agreement on the later self counts for the person at once, before the centre has it (N20)', () => {
  const said = (memberId: MemberId, isGranted: boolean): OpBody => ({
    ...{ kind: 'consent.recorded', memberId, purpose: 'marketing', isGranted },
    ...{ policyVersion: '1', channel: 'counter' },
  });
  centre.apply(makeOp(said(twin.memberId, false), { atMs: 1_790_000_000_000 }));
  centre.apply(makeOp(merge('member.merged')));
  pull();
  const agrees = (): boolean => agreesToMarketing(overlay.lay(twin.memberId)?.people ?? []);
  expect(agrees()).toBe(false);
  append(said(IDS.member, true));
  expect(agrees()).toBe(true);
  append(said(twin.memberId, false));
  expect(agrees()).toBe(false);
});
