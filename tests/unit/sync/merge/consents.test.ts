import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { MemberId } from '../../../../sync/base/ids.ts';
import { must } from '../../../../sync/base/must.ts';
import { agreesToMarketing } from '../../../../sync/merge/consents.ts';
import { rootOf } from '../../../../sync/merge/merged.ts';
import type { MemberRow } from '../../../../sync/model/member.ts';
import type { OpBodyOf } from '../../../../sync/model/op.ts';
import { createdBody, createRowTable, makeOp } from '../../../parts/ops.ts';

const COUNT = 4;
const T0_MS = 1_800_000_000_000;
const idOf = (at: number): MemberId => `01890000-0000-7000-8000-00000000010${at}` as MemberId;
const people = Array.from({ length: COUNT }, (_, at) => idOf(at));

/** A word on the very profile `on`: a till that has not heard of a merge says it on a former self. */
type Act =
  | { what: 'merge'; from: number; into: number }
  | { what: 'unmerge'; from: number }
  | { what: 'word'; on: number; isGranted: boolean; at: number };
interface Word {
  at: number;
  isGranted: boolean;
}

/** The later word of one profile; at the same instant the withdrawal. */
const laterOf = (one: Word, other: Word): Word =>
  other.at > one.at || (other.at === one.at && !other.isGranted) ? other : one;

class Scene {
  readonly #table = createRowTable();
  /** What each said on her own profile, whatever was made of it. */
  readonly #own = new Map<MemberId, Word>();

  constructor(begins: readonly boolean[]) {
    const created = createdBody() as OpBodyOf<'member.created'>;
    for (const [at, memberId] of people.entries()) {
      const hasMarketingConsent = begins[at] === true;
      this.#table.apply(
        makeOp({ ...created, memberId, card: null, hasMarketingConsent }, { atMs: T0_MS - 1 }),
      );
      this.#own.set(memberId, { at: -1, isGranted: hasMarketingConsent });
    }
  }

  play(act: Act): void {
    if (act.what === 'word') return this.#say(idOf(act.on), act);
    const memberId = idOf(act.from);
    const intoId = act.what === 'merge' ? idOf(act.into) : this.row(memberId).mergedIntoId;
    if (intoId !== null)
      this.#table.apply(makeOp({ kind: `member.${act.what}d`, memberId, intoId, reason: '' }));
  }

  #say(memberId: MemberId, { at, isGranted }: Word): void {
    const word = { purpose: 'marketing', policyVersion: '1', channel: 'counter' } as const;
    this.#table.apply(
      makeOp({ kind: 'consent.recorded', memberId, ...word, isGranted }, { atMs: T0_MS + at }),
    );
    this.#own.set(memberId, laterOf(this.own(memberId), { at, isGranted }));
  }

  row = (id: MemberId): MemberRow => must(this.#table.members.get(id), 'made at the start');
  own = (id: MemberId): Word => must(this.#own.get(id), 'made at the start');
  /** Everybody who is one person with her. */
  whole = (id: MemberId): readonly MemberId[] => this.#table.reader.mergedSet(id);
  isRoot = (id: MemberId): boolean => rootOf(this.row, id) === id;
  agrees = (id: MemberId): boolean => agreesToMarketing(this.whole(id).map(this.row));
}

const who = fc.nat(COUNT - 1);
const act: fc.Arbitrary<Act> = fc.oneof(
  fc.record({ what: fc.constant('merge' as const), from: who, into: who }),
  fc.record({ what: fc.constant('unmerge' as const), from: who }),
  fc.record({ what: fc.constant('word' as const), on: who, isGranted: fc.boolean(), at: fc.nat(9) }),
);
const acts = fc.array(act, { maxLength: 14 });
const begins = fc.array(fc.boolean(), { minLength: COUNT, maxLength: COUNT });
const NOBODY = [false, false, false, false];

const merge = (from: number, into: number): Act => ({ what: 'merge', from, into });
const word = (on: number, isGranted: boolean, at: number): Act => ({ what: 'word', on, isGranted, at });
/** Said at a till that has not heard that its customer goes on as somebody else. */
const LATE: [Act[], boolean[]] = [[merge(2, 1), word(1, true, 0), merge(1, 0), word(1, false, 1)], NOBODY];
const TIES: [Act[], boolean[]][] = [
  [[merge(0, 2), word(2, true, 9), word(0, false, 9)], NOBODY],
  [[merge(0, 3), word(3, true, 0), word(3, false, 0), word(3, false, 1)], NOBODY],
];

test('once all merges are taken back, nobody agrees who did not say so herself (N20)', () => {
  fc.assert(
    fc.property(acts, begins, (played, begun) => {
      const scene = new Scene(begun);
      played.forEach((each) => scene.play(each));
      people.forEach((_, from) => scene.play({ what: 'unmerge', from }));
      expect(people.filter(scene.agrees).filter((id) => !scene.own(id).isGranted)).toEqual([]);
    }),
    { numRuns: 3_000, examples: [LATE, ...TIES] },
  );
});

test('whoever she is asked as, a person agrees only where her latest word says so, a withdrawal first (N20)', () => {
  fc.assert(
    fc.property(acts, begins, (played, begun) => {
      const scene = new Scene(begun);
      played.forEach((each) => scene.play(each));
      const saysNo = (id: MemberId): boolean => {
        const words = scene.whole(id).map(scene.own);
        const latest = Math.max(...words.map(({ at }) => at));
        // What each began with has no order.
        return latest >= 0 && words.some(({ at, isGranted }) => at === latest && !isGranted);
      };
      expect(people.filter(scene.agrees).filter(saysNo)).toEqual([]);
    }),
    { numRuns: 3_000, examples: [LATE, ...TIES] },
  );
});

test('a fresh agreement of the person counts, whatever any of her profiles had said', () => {
  fc.assert(
    fc.property(acts, begins, who, (played, begun, on) => {
      const scene = new Scene(begun);
      played.forEach((each) => scene.play(each));
      const root = people.filter(scene.isRoot)[on % people.filter(scene.isRoot).length];
      scene.play(word(people.indexOf(must(root, 'somebody is')), true, 10));
      expect(scene.agrees(must(root, 'somebody is'))).toBe(true);
    }),
    { numRuns: 1_000 },
  );
});
