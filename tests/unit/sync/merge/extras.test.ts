import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { MemberId, StoreId, TillId } from '../../../../sync/base/ids.ts';
import { applyOp } from '../../../../sync/merge/apply-op.ts';
import { roleNeeded } from '../../../../sync/merge/roles.ts';
import {
  changesIn,
  extraOf,
  isRemoved,
  readExtras,
  type ExtrasPatch,
} from '../../../../sync/model/extras.ts';
import { MemberRow } from '../../../../sync/model/member.ts';
import type { Op, OpBody } from '../../../../sync/model/op.ts';
import { createdBody, createRowTable, IDS, makeOp, ON_CARD } from '../../../parts/ops.ts';

const words = fc.constantFrom('vip', 'new', 'owner');
const patch: fc.Arbitrary<ExtrasPatch> = fc.oneof(
  fc
    .record({ add: fc.array(words, { maxLength: 2 }), remove: fc.array(words, { maxLength: 2 }) })
    .map((tags) => ({ tags })),
  fc.constantFrom('staff', 'school').map((id) => ({ groups: { add: [id], remove: [] } })),
  fc.constantFrom('staff', 'school').map((id) => ({ groups: { add: [], remove: [id] } })),
  fc.constantFrom('1', '2', null).map((fax) => ({ custom: { fax } })),
  fc.boolean().map((mobile) => ({ verified: { mobile } })),
);
const body: fc.Arbitrary<OpBody> = fc.oneof(
  patch.map((changes): OpBody => ({ kind: 'member.extras', memberId: IDS.member, ...changes })),
  fc.boolean().map((to): OpBody => ({
    kind: 'member.removed',
    memberId: IDS.member,
    isRemoved: to,
    reason: '',
  })),
);
const oneOp = fc
  .record({
    body,
    atMs: fc.integer({ min: 1_700_000_001_000, max: 1_700_000_001_009 }),
    till: fc.constantFrom('a', 'b', 'c'),
  })
  .map(({ body: made, atMs, till }) => makeOp(made, { atMs, till }));

/** Without two ops of one till at one moment: its own clock always rises. */
const distinct = (ops: readonly Op[]): Op[] => {
  const last = new Map(ops.map((op) => [`${op.hlc}${op.tillId}`, op.opId]));
  return ops.filter((op) => last.get(`${op.hlc}${op.tillId}`) === op.opId);
};

function tableAfter(ops: readonly Op[]) {
  const table = createRowTable();
  table.apply(makeOp(createdBody()));
  for (const op of ops) table.apply(op);
  return table;
}
const rowAfter = (ops: readonly Op[]): MemberRow => tableAfter(ops).members.get(IDS.member) as MemberRow;

const tagged = (till: string, atMs: number, tags: ExtrasPatch['tags']): Op =>
  makeOp({ kind: 'member.extras', memberId: IDS.member, ...(tags && { tags }) }, { till, atMs });
const T = 1_700_000_002_000;

test('tags, groups, values, marks and removals in any order and repetition end in the same extras', () => {
  fc.assert(
    fc.property(
      fc
        .array(oneOp, { minLength: 1, maxLength: 20 })
        .chain((ops) => fc.tuple(fc.constant(ops), fc.shuffledSubarray(ops, { minLength: ops.length }))),
      ([ops, shuffled]) => {
        const kept = distinct(ops);
        const other = shuffled.filter((op) => kept.includes(op));
        const row = rowAfter(kept);
        expect(rowAfter([...other, ...other]).extras).toBe(row.extras);
        // The row is one that every node reads, and writes the same way.
        expect(MemberRow.parse(row).extras).toBe(row.extras);
      },
    ),
  );
});

test('each key has its own last writer: an older edit of one tag takes no other away', () => {
  const row = rowAfter([
    tagged('a', T + 2, { add: ['vip'], remove: [] }),
    tagged('b', T + 1, { add: ['new'], remove: ['vip'] }),
  ]);
  expect(readExtras(row.extras).tags).toEqual(['new', 'vip']);
});

test('an edit of a key that loses to another till goes to the inbox with both values', () => {
  const table = tableAfter([
    makeOp({ kind: 'member.extras', memberId: IDS.member, custom: { fax: '1' } }, { till: 'a', atMs: T + 2 }),
  ]);
  const late = makeOp(
    { kind: 'member.extras', memberId: IDS.member, custom: { fax: '2' } },
    { till: 'b', atMs: T },
  );
  const outcome = table.apply(late);
  expect(outcome).toMatchObject({
    held: null,
    tasks: [
      {
        memberId: IDS.member,
        detail: { kind: 'field_conflict', field: 'custom:fax', kept: { value: '1' }, other: { value: '2' } },
      },
    ],
  });
});

test('everything taken back leaves no extras at all', () => {
  fc.assert(
    fc.property(fc.array(patch, { maxLength: 6 }), (patches) => {
      let atMs = T;
      const forth = patches.map((changes) =>
        makeOp({ kind: 'member.extras', memberId: IDS.member, ...changes }, { atMs: (atMs += 1) }),
      );
      const extras = readExtras(rowAfter(forth).extras);
      const back = makeOp(
        {
          kind: 'member.extras',
          memberId: IDS.member,
          tags: { add: [], remove: [...extras.tags] },
          groups: { add: [], remove: [...extras.groups] },
          custom: Object.fromEntries(Object.keys(extras.custom).map((id) => [id, null])),
          verified: { mobile: false, email: false },
        },
        { atMs: atMs + 1 },
      );
      expect(rowAfter([...forth, back]).extras).toBe('');
    }),
  );
});

test('a new member brings her extras, and an anonymised one has none and takes none', () => {
  const table = createRowTable();
  const created = { ...createdBody(), extras: { tags: ['vip'], custom: { fax: '1' } } } as OpBody;
  table.apply(makeOp(created));
  expect(table.members.get(IDS.member)?.extras).toBe('{"custom":{"fax":"1"},"tags":["vip"]}');
  const state = {
    kind: 'member.state',
    memberId: IDS.member,
    state: 'anonymised',
    epoch: 1,
    reason: '',
  } as const;
  table.apply(makeOp(state, { atMs: T }));
  expect(table.members.get(IDS.member)?.extras).toBe('');
  const late = table.apply(tagged('a', T + 9, { add: ['vip'], remove: [] }));
  expect(late).toMatchObject({ held: null, tasks: [{ detail: { kind: 'late_edit' } }] });
  expect(table.members.get(IDS.member)?.extras).toBe('');
});

describe('a removed member', () => {
  const removed = (to: boolean, atMs: number, till = 'a'): Op =>
    makeOp({ kind: 'member.removed', memberId: IDS.member, isRemoved: to, reason: 'moved' }, { atMs, till });
  const stamp = (atMs: number): Op =>
    makeOp(
      { kind: 'stamp.added', ...ON_CARD, count: 2, amountMinor: null, receiptNo: '' },
      { atMs, till: 'late' },
    );

  test('keeps her ledger: what another till booked before it knew still counts, and is told (I5)', () => {
    const table = tableAfter([removed(true, T)]);
    const outcome = table.apply(stamp(T - 500));
    expect(outcome).toMatchObject({
      held: null,
      flags: ['on_barred_member'],
      tasks: [{ detail: { kind: 'barred_member', state: 'removed' } }],
    });
    expect(table.accounts.get(IDS.account)?.balance).toBe(2);
  });

  test('is taken back by a later word, with all that she had', () => {
    const before = rowAfter([tagged('a', T, { add: ['vip'], remove: [] })]);
    const after = rowAfter([
      tagged('a', T, { add: ['vip'], remove: [] }),
      removed(true, T + 1),
      removed(false, T + 2),
    ]);
    expect(isRemoved(after)).toBe(false);
    expect(after.extras).toBe(before.extras);
  });

  test('can be anonymised', () => {
    const state = {
      kind: 'member.state',
      memberId: IDS.member,
      state: 'anonymised',
      epoch: 1,
      reason: '',
    } as const;
    const row = rowAfter([removed(true, T), makeOp(state, { atMs: T + 1 })]);
    expect(row).toMatchObject({ state: 'anonymised', extras: '', mobile: null });
  });
});

test('who may: a cashier writes values down, a supervisor places and removes, a manager takes back', () => {
  const memberId = IDS.member;
  const extras = (changes: ExtrasPatch): OpBody => ({ kind: 'member.extras', memberId, ...changes });
  const remove = (isRemoved_: boolean): OpBody => ({
    kind: 'member.removed',
    memberId,
    isRemoved: isRemoved_,
    reason: '',
  });
  const needed = (op: OpBody, guarded: string[] = ['identifierValue']) =>
    roleNeeded(op, 'active', (id) => guarded.includes(id));
  expect([
    needed(extras({ custom: { fax: '1' } })),
    needed(extras({ custom: { identifierValue: 'S1' } })),
    needed(extras({ custom: { fax: '1' } }), ['fax']),
    needed(extras({ tags: { add: ['vip'], remove: [] } })),
    needed(extras({ verified: { mobile: false } })),
    needed(remove(true)),
    needed(remove(false)),
    needed({ ...remove(true), undone: 0 } as OpBody),
  ]).toEqual([
    ...[
      'cashier',
      'supervisor',
      'supervisor',
      'supervisor',
      'supervisor',
      'supervisor',
      'manager',
      'manager',
    ],
  ]);
});

test('an op about somebody unknown waits', () => {
  const table = createRowTable();
  const memberId = '01890000-0000-7000-8000-00000000ffff' as MemberId;
  const op = makeOp({ kind: 'member.extras', memberId, tags: { add: ['vip'], remove: [] } });
  expect(applyOp(table.reader, { op, seq: 1, hlc: op.hlc })).toEqual({ held: 'unknown_target' });
  expect(op.tillId).toBe('till-1' as TillId);
  expect(extraOf(readExtras(''), 'tag:vip')).toBe(false);
  expect(changesIn({ tags: { add: ['vip'], remove: ['vip'] } }).get('tag:vip')).toBe(true);
});

const receipt = {
  ...{ receiptNo: '17', storeId: 'store-1' as StoreId, day: '2026-11-22', amountMinor: 950, note: '' },
};
const added = (till: string, atMs: number): Op =>
  makeOp({ kind: 'member.extras', memberId: IDS.member, receipt }, { till, atMs });

describe('a receipt by hand (F19)', () => {
  const checked = (id: string, isOn: boolean, atMs: number): Op =>
    makeOp({ kind: 'member.extras', memberId: IDS.member, checked: { [id]: isOn } }, { till: 'c', atMs });

  test('stays under its op with who typed it and when, in any order of arrival and however often it comes', () => {
    const [one, two] = [added('a', T + 1), added('b', T)];
    const mark = checked(one.opId, true, T + 2);
    const row = rowAfter([one, two, mark]);
    expect(rowAfter([mark, two, one, two, one]).extras).toBe(row.extras);
    expect(MemberRow.parse(row).extras).toBe(row.extras);
    const { receipts, checked: marked } = readExtras(row.extras);
    expect(Object.keys(receipts).sort()).toEqual([one.opId, two.opId].sort());
    expect(receipts[one.opId]).toEqual({ ...receipt, actorId: one.actorId, wallMs: one.wallMs });
    expect(marked).toEqual([one.opId]);
  });

  test('goes with everything else when the member is anonymised, and none is taken after', () => {
    const table = tableAfter([
      added('a', T),
      makeOp(
        { kind: 'member.state', memberId: IDS.member, state: 'anonymised', epoch: 1, reason: '' },
        { atMs: T + 1 },
      ),
    ]);
    expect(table.members.get(IDS.member)?.extras).toBe('');
    table.apply(added('b', T + 2));
    expect(table.members.get(IDS.member)?.extras).toBe('');
  });

  test('is a cashier’s to add, and a manager’s to verify', () => {
    const body = { kind: 'member.extras', memberId: IDS.member } as const;
    expect(roleNeeded({ ...body, receipt }, 'active')).toBe('cashier');
    expect(roleNeeded({ ...body, checked: { [IDS.member]: false } }, 'active')).toBe('manager');
  });

  test('a row that has room for no more keeps what it has', () => {
    const ops = Array.from({ length: 205 }, (_, at) => added('a', T + at));
    const row = rowAfter(ops);
    expect(Object.keys(readExtras(row.extras).receipts)).toHaveLength(200);
    expect(MemberRow.parse(row).extras).toBe(row.extras);
  });

  test('what a full row leaves out is counted, so that a page can say that there is more', () => {
    const ops = Array.from({ length: 203 }, (_, at) => added('a', T + at));
    expect(readExtras(rowAfter(ops.slice(0, 200)).extras).unlisted).toBe(0);
    expect(readExtras(rowAfter(ops).extras).unlisted).toBe(3);
  });
});

describe('a receipt by hand that is taken back (F19)', () => {
  const takenBack = (receiptId: string, reason: string, by: { till: string; atMs: number }): Op =>
    makeOp({ kind: 'member.extras', memberId: IDS.member, takeBack: { receiptId, reason } }, by);

  test('taken back, it keeps its place, with who, when and why; the word may come before the receipt', () => {
    const one = added('a', T);
    const word = takenBack(one.opId, 'typed wrongly', { till: 'b', atMs: T + 1 });
    const row = rowAfter([one, word]);
    expect(rowAfter([word, one, word]).extras).toBe(row.extras);
    expect(MemberRow.parse(row).extras).toBe(row.extras);
    const { receipts, takenBack: words } = readExtras(row.extras);
    expect(Object.keys(receipts)).toEqual([one.opId]);
    expect(words).toEqual({
      [one.opId]: { reason: 'typed wrongly', actorId: word.actorId, wallMs: word.wallMs },
    });
  });

  test('the first word that takes it back stays, whatever a second till says to it', () => {
    const one = added('a', T);
    const first = takenBack(one.opId, 'first', { till: 'b', atMs: T + 9 });
    const second = takenBack(one.opId, 'second', { till: 'c', atMs: T + 1 });
    expect(readExtras(rowAfter([one, first, second]).extras).takenBack[one.opId]?.reason).toBe('first');
  });

  test('is taken back by whoever may put the amount of a purchase right', () => {
    const body = { kind: 'member.extras', memberId: IDS.member } as const;
    const takeBack = { receiptId: IDS.member, reason: 'x' };
    expect(roleNeeded({ ...body, takeBack }, 'active')).toBe('supervisor');
  });
});
