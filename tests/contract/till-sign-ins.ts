import { expect, test } from 'vitest';
import { memberId } from '../unit/db/samples.ts';
import type { TillFile } from './till-db.ts';

/** Wrong PINs of somebody. */
const tried = (atMs: number, staffId = 'mei') =>
  ({ ...{ atMs, staffId, act: 'sign_in', outcome: 'wrong', place: 'till', memberId: '' } }) as const;
const ALL = Number.MAX_SAFE_INTEGER;
const HOUR_MS = 3_600_000;

/** What every list of sign-ins and looks does, whatever it lies on. */
export function signInContract(open: () => TillFile): void {
  lines(open);
  limits(open);
}

function lines(open: () => TillFile): void {
  test('each right PIN is a line; refused ones of a kind within an hour are one, and a wait is told once', () => {
    const { signIns: repo } = open().till;
    for (const atMs of [1, 2]) repo.add({ ...tried(atMs), outcome: 'right' }, 'each');
    for (const atMs of [10, 20, 30]) repo.add(tried(atMs), 'together');
    repo.add(tried(40, ''), 'together');
    for (const atMs of [50, 60]) repo.add({ ...tried(atMs), outcome: 'waits' }, 'once');
    repo.add(tried(10 + HOUR_MS), 'together');
    const lines = repo.listBefore(ALL, 10).map(({ staffId, outcome, tries, firstMs, lastMs }) => {
      return [staffId, outcome, tries, firstMs, lastMs];
    });
    expect(lines).toEqual([
      ['mei', 'wrong', 1, 10 + HOUR_MS, 10 + HOUR_MS],
      ['mei', 'waits', 1, 50, 50],
      ['', 'wrong', 1, 40, 40],
      ['mei', 'wrong', 3, 10, 30],
      ['mei', 'right', 1, 2, 2],
      ['mei', 'right', 1, 1, 1],
    ]);
    expect(repo.listBefore(repo.listBefore(ALL, 3)[2]?.signInNo ?? 0, 1)).toMatchObject([{ tries: 3 }]);
  });

  test('a night of wrong PINs pushes no line out, nor does a clock that is set far ahead', () => {
    const { signIns: repo } = open().till;
    repo.add({ ...tried(1), outcome: 'right' }, 'each');
    for (let at = 0; at < 500; at += 1) repo.add(tried(1_000 + at), 'together');
    repo.add({ ...tried(Date.UTC(2100, 0)), outcome: 'right' }, 'each');
    expect(repo.listBefore(ALL, 10).map(({ tries }) => tries)).toEqual([1, 500, 1]);
  });

  test('looks are lines of their own for each member, and are read apart from PINs', () => {
    const { signIns: repo } = open().till;
    const look = (atMs: number, id: number) =>
      repo.add({ ...tried(atMs), act: 'look', outcome: 'role', memberId: memberId(id) }, 'together');
    look(1, 1);
    repo.add({ ...tried(2), act: 'look', outcome: 'role' }, 'together');
    for (const [at, id] of [2, 1, 2].entries()) look(10 + at, id);
    const read = (kind: 'pins' | 'looks', before = ALL, limit = 10) =>
      repo.listOf(kind, before, limit).map((line) => [line.signInNo, line.memberId, line.tries]);
    expect(read('looks')).toEqual([
      [3, memberId(2), 2],
      [1, memberId(1), 2],
    ]);
    expect(read('pins')).toEqual([[2, '', 1]]);
    expect([read('looks', 3), read('looks', ALL, 1), read('pins', 2)]).toEqual([
      [[1, memberId(1), 2]],
      [[3, memberId(2), 2]],
      [],
    ]);
  });

  test('lines of an earlier file keep their numbers, whatever order they come in', () => {
    const { signIns: repo } = open().till;
    const line = (signInNo: number, tries = 1) => ({
      signInNo,
      firstMs: 5,
      lastMs: 9,
      tries,
      staffId: 'mei',
      act: 'second',
      outcome: 'wrong',
      place: 'till',
      memberId: '',
    });
    for (const signInNo of [7, 9, 8]) repo.putBack(line(signInNo));
    repo.putBack(line(8, 4));
    expect(repo.listBefore(ALL, 10)).toEqual([line(9), line(8, 4), line(7)]);
    repo.putBack(line(20_008));
    repo.add(tried(1), 'together');
    expect(repo.listBefore(ALL, 2)).toMatchObject([{ signInNo: 20_009 }, line(20_008)]);
  });
}

function limits(open: () => TillFile): void {
  test.each([
    { kind: 'looks', other: 'pins', many: memberId(1), few: '' },
    { kind: 'pins', other: 'looks', many: '', few: memberId(1) },
  ] as const)('of $kind the newest 20,000 lines are kept, and none of $other goes', (each) => {
    const { kind, other, many, few } = each;
    const { till } = open();
    const { signIns: repo } = till;
    const line = (signInNo: number, id: string) => {
      const { atMs, ...told } = tried(5);
      return { ...told, signInNo, firstMs: atMs, lastMs: atMs, tries: 1, memberId: id };
    };
    const numbers = (of: 'pins' | 'looks', before = ALL) =>
      repo.listOf(of, before, 2).map(({ signInNo }) => signInNo);
    till.transaction(() => {
      repo.putBack(line(1, few));
      for (let no = 2; no <= 20_001; no += 1) repo.putBack(line(no, many));
    });
    expect([numbers(kind, 4), numbers(other)]).toEqual([[3, 2], [1]]);
    repo.putBack(line(20_002, many));
    expect([numbers(kind, 5), numbers(other)]).toEqual([[4, 3], [1]]);
    repo.add({ ...tried(6), memberId: many }, 'each');
    expect([numbers(kind), numbers(kind, 5), numbers(other)]).toEqual([[20_003, 20_002], [4], [1]]);
    repo.add({ ...tried(6), memberId: few }, 'each');
    expect([numbers(kind, 5), numbers(other)]).toEqual([[4], [20_004, 1]]);
  });
}
