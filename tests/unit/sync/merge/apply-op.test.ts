import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { OpId } from '../../../../sync/base/ids.ts';
import type { MemberState } from '../../../../sync/model/member.ts';
import { OpBody, type Op } from '../../../../sync/model/op.ts';
import { createdBody, createRowTable, IDS, makeOp, ON_CARD } from '../../../parts/ops.ts';

const units = fc.integer({ min: 1, max: 10_000 });

/** Any movement of the one card. */
const movement: fc.Arbitrary<OpBody> = fc.oneof(
  units.map((count): OpBody => ({
    kind: 'stamp.added',
    ...ON_CARD,
    count,
    amountMinor: null,
    receiptNo: '',
  })),
  units.map((points): OpBody => ({
    kind: 'points.credited',
    ...ON_CARD,
    points,
    amountMinor: null,
    receiptNo: '',
    reason: '',
  })),
  units.map((points): OpBody => ({ kind: 'points.debited', ...ON_CARD, points, reason: '' })),
  units.map((count): OpBody => ({ kind: 'visit.deducted', ...ON_CARD, count })),
  units.map((creditMinor): OpBody => ({ kind: 'credit.toppedUp', ...ON_CARD, creditMinor, receiptNo: '' })),
  units.map((creditMinor): OpBody => ({ kind: 'credit.spent', ...ON_CARD, creditMinor, receiptNo: '' })),
  units.map((cost): OpBody => ({ kind: 'reward.redeemed', ...ON_CARD, rewardId: 'r', cost })),
);

/** Edits, states and consents of the one member, at clock values that may tie between tills. */
const profileChange: fc.Arbitrary<OpBody> = fc.oneof(
  fc
    .constantFrom('A', 'B', 'C')
    .map((firstName): OpBody => ({ kind: 'member.changed', memberId: IDS.member, fields: { firstName } })),
  fc
    .constantFrom('x', 'y')
    .map((notes): OpBody => ({ kind: 'member.changed', memberId: IDS.member, fields: { notes } })),
  fc
    .record({
      state: fc.constantFrom<MemberState>('active', 'locked', 'blocked', 'anonymised'),
      // Only what follows the epoch that its author saw is taken.
      epoch: fc.integer({ min: 0, max: 1 }),
    })
    .map(({ state, epoch }): OpBody => ({
      kind: 'member.state',
      memberId: IDS.member,
      state,
      epoch,
      reason: '',
    })),
  fc.boolean().map((isGranted): OpBody => ({
    kind: 'consent.recorded',
    memberId: IDS.member,
    purpose: 'marketing',
    isGranted,
    policyVersion: '1',
    channel: 'counter',
  })),
);

const opOf = (body: fc.Arbitrary<OpBody>): fc.Arbitrary<Op> =>
  fc
    .record({
      body,
      atMs: fc.integer({ min: 1_700_000_001_000, max: 1_700_000_001_009 }),
      till: fc.constantFrom('a', 'b', 'c'),
    })
    .map(({ body: made, atMs, till }) => makeOp(made, { atMs, till }));

/** Ops with a shuffled copy in which some come twice. */
const twoOrders = (op: fc.Arbitrary<Op>) =>
  fc
    .array(op, { minLength: 1, maxLength: 20 })
    .chain((ops) =>
      fc.tuple(
        fc.constant(ops),
        fc.shuffledSubarray(ops, { minLength: ops.length }),
        fc.array(fc.nat(ops.length - 1), { maxLength: 10 }),
      ),
    )
    .map(([ops, shuffled, repeats]) => [ops, [...shuffled, ...repeats.map((at) => ops[at] as Op)]] as const);

function tableAfter(ops: readonly Op[]) {
  const table = createRowTable();
  table.apply(makeOp(createdBody()));
  for (const op of ops) table.apply(op);
  return table;
}

test('facts in any order and repetition give the same balances, each the sum of its entries (I2, I3)', () => {
  fc.assert(
    fc.property(twoOrders(opOf(movement)), ([ops, reordered]) => {
      const one = tableAfter(ops);
      const other = tableAfter(reordered);
      expect(other.accounts.get(IDS.account)?.balance).toBe(one.accounts.get(IDS.account)?.balance);
      const sum = [...one.entries.values()].reduce((total, entry) => total + entry.delta, 0);
      expect(one.accounts.get(IDS.account)?.balance).toBe(sum);
      expect(one.accounts.get(IDS.account)?.entryCount).toBe(one.entries.size);
    }),
  );
});

test('edits, states and consents in any order end in the same member', () => {
  fc.assert(
    fc.property(twoOrders(opOf(profileChange)), ([ops, reordered]) => {
      // Ties of the same till can not happen: its own clock always rises.
      const distinct = new Map(ops.map((op) => [`${op.hlc}${op.tillId}`, op.opId]));
      const isKept = (op: Op) => distinct.get(`${op.hlc}${op.tillId}`) === op.opId;
      const one = tableAfter(ops.filter(isKept)).members.get(IDS.member);
      const other = tableAfter(reordered.filter(isKept)).members.get(IDS.member);
      const facts = (row: typeof one) => [
        row?.firstName,
        row?.notes,
        row?.state,
        row?.stateEpoch,
        row?.hasMarketingConsent,
      ];
      expect(facts(other)).toEqual(facts(one));
    }),
  );
});

test('a later epoch lowers a state, the same epoch only raises it', () => {
  const state = (to: MemberState, epoch: number) =>
    makeOp({ kind: 'member.state', memberId: IDS.member, state: to, epoch, reason: '' });
  expect(tableAfter([state('blocked', 0), state('locked', 0)]).members.get(IDS.member)?.state).toBe(
    'blocked',
  );
  expect(tableAfter([state('active', 1), state('blocked', 0)]).members.get(IDS.member)?.state).toBe('active');
});

test('a withdrawal of consent wins a tie', () => {
  const word = (isGranted: boolean) =>
    makeOp(
      {
        kind: 'consent.recorded',
        memberId: IDS.member,
        purpose: 'marketing',
        isGranted,
        policyVersion: '1',
        channel: 'counter',
      },
      { atMs: 1_800_000_000_000 },
    );
  expect(tableAfter([word(false), word(true)]).members.get(IDS.member)?.hasMarketingConsent).toBe(false);
  expect(tableAfter([word(true), word(false)]).members.get(IDS.member)?.hasMarketingConsent).toBe(false);
});

test('an entry is countered once and to the unit', () => {
  const stamp = makeOp({ kind: 'stamp.added', ...ON_CARD, count: 3, amountMinor: null, receiptNo: '' });
  const counter = (delta = -3) =>
    makeOp({ kind: 'entry.corrected', ...ON_CARD, correctsOpId: stamp.opId, delta, reason: '' });
  const table = tableAfter([stamp, counter()]);
  expect(table.accounts.get(IDS.account)?.balance).toBe(0);
  expect(table.apply(counter())).toEqual({ held: 'already_corrected' });
  expect(tableAfter([stamp]).apply(counter(-2))).toEqual({ held: 'bad_body' });
  expect(table.accounts.get(IDS.account)?.balance).toBe(0);
});

test('spending below zero is accepted and flagged, never lost', () => {
  const outcome = tableAfter([]).apply(makeOp({ kind: 'points.debited', ...ON_CARD, points: 5, reason: '' }));
  expect(outcome).toMatchObject({ held: null, flags: ['overdrawn'] });
});

test('a replacement takes over the account and the old card is dead', () => {
  const cardId = '01890000-0000-7000-8000-00000000000a' as typeof IDS.card;
  const stamp = makeOp({ kind: 'stamp.added', ...ON_CARD, count: 3, amountMinor: null, receiptNo: '' });
  const replaced = makeOp({
    kind: 'card.replaced',
    memberId: IDS.member,
    accountId: IDS.account,
    oldCardId: IDS.card,
    cardId,
    cardNumber: '6035550000001248',
    reason: 'lost',
  });
  const table = tableAfter([stamp, replaced]);
  expect(table.cards.get(IDS.card)?.status).toBe('replaced');
  expect(table.cards.get(cardId)).toMatchObject({
    status: 'active',
    accountId: IDS.account,
    replacesCardId: IDS.card,
  });
  expect(table.accounts.get(IDS.account)?.balance).toBe(3);
});

test('a second card with a known number goes on under a spare one, once and for all (I4)', () => {
  const table = tableAfter([]);
  const second = makeOp({
    ...(createdBody() as Extract<OpBody, { kind: 'member.created' }>),
    memberId: '01890000-0000-7000-8000-0000000000ff' as typeof IDS.member,
    card: {
      cardId: '01890000-0000-7000-8000-0000000000fe' as typeof IDS.card,
      accountId: '01890000-0000-7000-8000-0000000000fd' as typeof IDS.account,
      cardTypeId: IDS.cardType,
      cardNumber: '6035550000001230',
      openingUnits: 0,
      expiresOn: null,
      cardTypeVersion: 1,
    },
  });
  expect(table.apply(second)).toMatchObject({
    held: null,
    tasks: [{ detail: { kind: 'card_bound_twice' } }],
  });
  expect(table.members.size).toBe(2);
  const numbers = [...table.cards.values()].map((card) => card.cardNumber);
  expect(new Set(numbers).size).toBe(2);
});

test('what names a member, an entry or an account that nobody knows is held', () => {
  const table = tableAfter([]);
  const stranger = makeOp({
    kind: 'member.changed',
    memberId: '01890000-0000-7000-8000-0000000000aa' as typeof IDS.member,
    fields: { notes: 'x' },
  });
  expect(table.apply(stranger)).toEqual({ held: 'unknown_target' });
  const lone = makeOp({
    kind: 'entry.corrected',
    ...ON_CARD,
    correctsOpId: 'aaaaaaaa-0000-7000-8000-000000000000' as OpId,
    delta: 1,
    reason: '',
  });
  expect(table.apply(lone)).toEqual({ held: 'unknown_target' });
});

test('an op that names another member than its account’s, or another account’s card, is no till’s of ours', () => {
  const table = tableAfter([]);
  const stamp = { kind: 'stamp.added', ...ON_CARD, count: 3, amountMinor: null, receiptNo: '' } as const;
  const other = '01890000-0000-7000-8000-0000000000ff';
  expect(table.apply(makeOp({ ...stamp, memberId: other as typeof IDS.member }))).toEqual({
    held: 'bad_body',
  });
  const elsewhere = makeOp({
    kind: 'card.issued',
    memberId: IDS.member,
    cardId: other as typeof IDS.card,
    accountId: other as typeof IDS.account,
    cardTypeId: IDS.cardType,
    cardNumber: '6035550000001248',
    openingUnits: 0,
    expiresOn: null,
    cardTypeVersion: 1,
  });
  table.apply(elsewhere);
  expect(table.apply(makeOp({ ...stamp, cardId: other as typeof IDS.card }))).toEqual({ held: 'bad_body' });
  expect(table.accounts.get(IDS.account)?.balance).toBe(0);
});

test('the nil id names nobody', () => {
  const nil = '00000000-0000-0000-0000-000000000000';
  for (const ids of [{ memberId: nil }, { cardId: nil }, { accountId: nil }]) {
    const body = { kind: 'visit.deducted', ...ON_CARD, count: 1, ...ids };
    expect(OpBody.safeParse(body).success).toBe(false);
  }
});
