import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { MemberId } from '../../../../sync/base/ids.ts';
import { rootOf } from '../../../../sync/merge/merged.ts';
import { blankMember, EMPTY_FIELDS, type MemberFields } from '../../../../sync/model/member.ts';
import type { Op, OpBodyOf } from '../../../../sync/model/op.ts';
import { createdBody, createRowTable, IDS, makeOp } from '../../../parts/ops.ts';

const COUNT = 6;
const idOf = (at: number): MemberId =>
  `01890000-0000-7000-8000-0000000001${String(at).padStart(2, '0')}` as MemberId;
const people = Array.from({ length: COUNT }, (_, at) => idOf(at));

function peopleTable() {
  const table = createRowTable();
  const created = createdBody() as OpBodyOf<'member.created'>;
  for (const memberId of people) table.apply(makeOp({ ...created, memberId, card: null }));
  return table;
}
type Table = ReturnType<typeof peopleTable>;

const merge = (from: MemberId, intoId: MemberId): Op =>
  makeOp({ kind: 'member.merged', memberId: from, intoId, reason: '' });
const unmerge = (from: MemberId, intoId: MemberId): Op =>
  makeOp({ kind: 'member.unmerged', memberId: from, intoId, reason: '' });

/** Who is one person with whom, and as whom they go on. */
const setsOf = (table: Table): string[] =>
  people.map((id) => rootOf((each) => table.members.get(each), id) as string);
const rowsOf = (table: Table) => people.map((id) => ({ ...table.members.get(id), seq: 0 }));

/** Merges that close no ring and merge nobody twice: each member into a later one, or into nobody. */
const forest = fc
  .tuple(
    ...people.map((_, at) =>
      fc.option(fc.integer({ min: at + 1, max: COUNT - 1 + (at === COUNT - 1 ? 1 : 0) })),
    ),
  )
  .map((parents) =>
    parents.flatMap((parent, at) =>
      parent === null || parent >= COUNT ? [] : [[idOf(at), idOf(parent)] as const],
    ),
  );

test('merges in any order and repetition make the same persons, and move nothing (N5)', () => {
  fc.assert(
    fc.property(forest, fc.infiniteStream(fc.nat()), (pairs, picks) => {
      const one = peopleTable();
      const other = peopleTable();
      for (const [from, into] of pairs) one.apply(merge(from, into));
      const rest = [...pairs];
      while (rest.length > 0) {
        const [pair] = rest.splice((picks.next().value as number) % rest.length, 1);
        if (pair === undefined) continue;
        other.apply(merge(...pair));
        other.apply(merge(...pair));
      }
      expect(setsOf(other)).toEqual(setsOf(one));
    }),
  );
});

test('any merges, taken back in any order, leave everybody as they were (N5)', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat(COUNT - 1), fc.nat(COUNT - 1)), { maxLength: 12 }),
      fc.infiniteStream(fc.nat()),
      (pairs, picks) => {
        const table = peopleTable();
        const before = rowsOf(table);
        const done = pairs
          .map(([from, into]) => [idOf(from), idOf(into)] as const)
          .filter(([from, into]) => {
            const outcome = table.apply(merge(from, into));
            return outcome?.held === null && table.members.get(from)?.mergedIntoId === into;
          });
        // Whatever was asked for, nobody is their own ancestor.
        for (const id of people)
          expect(table.members.get(rootOf((each) => table.members.get(each), id))?.mergedIntoId).toBeNull();
        while (done.length > 0) {
          const [pair] = done.splice((picks.next().value as number) % done.length, 1);
          if (pair !== undefined) table.apply(unmerge(...pair));
        }
        expect(rowsOf(table)).toEqual(before);
      },
    ),
  );
});

test('a chain of rows from two moments, closed to a ring, still has an end', () => {
  const ring = new Map([
    [idOf(0), { mergedIntoId: idOf(1) }],
    [idOf(1), { mergedIntoId: idOf(0) }],
  ]);
  expect(people.slice(0, 2)).toContain(rootOf((id) => ring.get(id), idOf(0)));
});

const anonymise = (memberId: MemberId, epoch: number): Op =>
  makeOp({ kind: 'member.state', memberId, state: 'anonymised', epoch, reason: 'asked' });

const anyEdit = fc.oneof(
  fc.string({ maxLength: 20 }).map((lastName): Partial<MemberFields> => ({ lastName })),
  fc.constantFrom('+6591110009', null).map((mobile): Partial<MemberFields> => ({ mobile })),
  fc.constantFrom('a@example.com', null).map((email): Partial<MemberFields> => ({ email })),
);

test('anonymised is final: edits, states and consents before or after, in any order, leave the same blank row', () => {
  const late = fc.oneof(
    anyEdit.map((fields): Op =>
      makeOp({ kind: 'member.changed', memberId: IDS.member, fields }, { atMs: 2e12 }),
    ),
    fc
      .constantFrom('active' as const, 'locked' as const, 'blocked' as const)
      .map((state): Op =>
        makeOp({ kind: 'member.state', memberId: IDS.member, state, epoch: 1, reason: 'x' }),
      ),
    fc.boolean().map((isGranted): Op =>
      makeOp(
        {
          kind: 'consent.recorded',
          memberId: IDS.member,
          purpose: 'marketing',
          isGranted,
          policyVersion: '1',
          channel: 'counter',
        },
        { atMs: 2e12 },
      ),
    ),
  );
  fc.assert(
    fc.property(
      fc.array(late, { maxLength: 8 }),
      fc.nat(8),
      fc.integer({ min: 0, max: 1 }),
      (ops, at, epoch) => {
        const table = createRowTable();
        table.apply(makeOp(createdBody()));
        const all = [...ops.slice(0, at), anonymise(IDS.member, epoch), ...ops.slice(at)];
        for (const op of all) table.apply(op);
        const row = table.members.get(IDS.member);
        expect(row).toMatchObject({ ...EMPTY_FIELDS, state: 'anonymised', stateReason: '', supportId: '' });
        expect([row?.stateEpoch, row?.marketingHlc, row?.hasMarketingConsent]).toEqual([0, '', false]);
        expect(row === undefined ? null : blankMember(row)).toEqual(row);
      },
    ),
  );
});

test('an epoch follows the one that is known: the last number of all is nobody’s', () => {
  const table = createRowTable();
  table.apply(makeOp(createdBody()));
  const state = (to: 'active' | 'blocked', epoch: number): Op =>
    makeOp({ kind: 'member.state', memberId: IDS.member, state: to, epoch, reason: '' });
  expect(table.apply(state('blocked', 2))).toEqual({ held: 'bad_body' });
  expect(table.apply(state('blocked', 1))).toMatchObject({ held: null });
  expect(table.apply(state('active', Number.MAX_SAFE_INTEGER))).toEqual({ held: 'bad_body' });
  expect(table.apply(state('active', 2))).toMatchObject({ held: null });
  expect(table.members.get(IDS.member)).toMatchObject({ state: 'active', stateEpoch: 2 });
});

test('the ledger of consents holds every word once, the row the one that counts (N20)', () => {
  const word = fc.record({
    isGranted: fc.boolean(),
    atMs: fc.integer({ min: 1_800_000_000_000, max: 1_800_000_000_003 }),
  });
  fc.assert(
    fc.property(fc.array(word, { minLength: 1, maxLength: 8 }), (words) => {
      const table = createRowTable();
      table.apply(makeOp(createdBody()));
      for (const { isGranted, atMs } of words) {
        const facts = { purpose: 'marketing', policyVersion: '2', channel: 'counter' } as const;
        table.apply(
          makeOp({ kind: 'consent.recorded', memberId: IDS.member, isGranted, ...facts }, { atMs }),
        );
      }
      expect(table.consents).toHaveLength(words.length + 1);
      const latest = Math.max(...words.map(({ atMs }) => atMs));
      const isWithdrawn = words.some(({ atMs, isGranted }) => atMs === latest && !isGranted);
      expect(table.members.get(IDS.member)?.hasMarketingConsent).toBe(!isWithdrawn);
    }),
  );
});

test('who was removed takes nobody living with her: such a merge waits, also behind another merge', () => {
  const table = peopleTable();
  const [from, middle, gone] = [idOf(0), idOf(1), idOf(2)];
  table.apply(merge(middle, gone));
  table.apply(makeOp({ kind: 'member.removed', memberId: gone, isRemoved: true, reason: '' }));
  expect(table.apply(merge(from, gone))).toEqual({ held: 'unknown_target' });
  expect(table.apply(merge(from, middle))).toEqual({ held: 'unknown_target' });
  expect(table.members.get(from)?.mergedIntoId).toBeNull();
});

test('nobody living is merged into who was anonymised; the other way round she stays nobody', () => {
  const table = peopleTable();
  const [living, middle, erased] = [idOf(0), idOf(1), idOf(2)];
  table.apply(makeOp({ kind: 'member.state', memberId: erased, state: 'anonymised', epoch: 1, reason: '' }));
  expect(table.apply(merge(living, erased))).toEqual({ held: 'unknown_target' });
  table.apply(merge(erased, middle));
  expect(table.members.get(erased)).toMatchObject({
    mergedIntoId: middle,
    state: 'anonymised',
    lastName: '',
  });
  expect(table.members.get(living)).toMatchObject({ mergedIntoId: null, state: 'active' });
});
