import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { TillDb } from '../../db/till/types.ts';
import { must } from '../../sync/base/must.ts';
import { keptHash, type OpBody } from '../../sync/model/op.ts';
import { testCrypto } from '../parts/node-crypto.ts';
import { correction, gainSpend, memberId, opChain, opId, stamp } from '../unit/db/samples.ts';
import { signInContract } from './till-sign-ins.ts';

export interface TillFile {
  till: TillDb;
  /** The same file after a loss of power. */
  reopen(): TillFile;
}

const numbers = ['6035550000000018', '6035550000000026', '6035550000000034'];
const Count = z.int();
const pending = (key: string, isPrefix = false) => ({ key, isPrefix });

/** Op n stamps member n of `members`, with the member's key `k<n>`; tseq and opId count from 1. */
function stamped(till: TillDb, members: readonly number[]): ReturnType<typeof opChain> {
  const next = opChain();
  till.transaction(() => {
    for (const n of members) till.ops.append(next(stamp(n, n)), [`k${n}`]);
  });
  return next;
}
const tseqs = (stored: readonly { op: { tseq: number } }[]): number[] => stored.map(({ op }) => op.tseq);

/** What every `TillDb` does, whatever it lies on. */
export function tillDbContract(name: string, open: () => TillFile): void {
  describe(`a till's own file, ${name}`, () => {
    transactions(open);
    appends(open);
    refusals(open);
    keys(open);
    signInContract(open);
    answers(open);
    erasures(open);
    stockAndSettings(open);
  });
}

const edit = (n: number): OpBody => ({
  kind: 'member.changed',
  memberId: memberId(n),
  fields: { lastName: 'Ng' },
});

function erasures(open: () => TillFile): void {
  test('what a member’s ops say is blanked for good, as far as allowed; hashes, numbers and the rest stay', () => {
    const file = open();
    const next = opChain();
    const all = [edit(1), stamp(1), edit(2), edit(1)].map((body) => next(body));
    file.till.transaction(() =>
      all.forEach((sealed) => file.till.ops.append(sealed, [`k${sealed.op.tseq}`])),
    );
    file.till.ops.recordAcks([{ firstTseq: 1, count: 3, firstSeq: 10 }], []);
    expect(file.till.ops.erase(memberId(1), { tseq: 3, crypto: testCrypto })).toBe(1);
    const { till } = file.reopen();
    const [first, second, third, fourth] = till.ops.listAfter(0, 9);
    expect(first?.op).toEqual({
      ...all[0]?.op,
      salt: '',
      body: { kind: 'member.changed', memberId: memberId(1) },
    });
    expect(first?.commitment).toMatch(/^[0-9a-f]{64}$/);
    expect(keptHash({ op: must(first, 'an op').op, commitment: first?.commitment }, testCrypto)).toBe(
      first?.hash,
    );
    expect([second?.op, third?.op, fourth?.op]).toEqual(all.slice(1).map(({ op }) => op));
    expect(tseqs(till.ops.listOpen(memberId(1), -1))).toEqual([2, 4]);
    expect(till.ops.searchOpen(pending('k', true), 9)).toEqual(
      [memberId(1), memberId(2), memberId(1)].slice(0, 2),
    );
    expect(till.ops.searchOpen(pending('k1'), 9)).toEqual([]);
    expect(till.check()).toEqual([]);
    expect(till.ops.erase(memberId(1), { tseq: 3, crypto: testCrypto })).toBe(1);
    till.ops.forgetAcks();
    expect(till.ops.find(opId(1))?.commitment).toBe(first?.commitment);
  });
}

function transactions(open: () => TillFile): void {
  test('a transaction that returned survives a loss of power, one that threw left nothing', () => {
    const file = open();
    const next = stamped(file.till, [1, 2]);
    const refuse = (): never => {
      throw new Error('refused');
    };
    const act = (): void => {
      file.till.ops.append(next(stamp(3)), ['klost']);
      file.till.settings.set('count', 1);
      file.till.stock.addBlock({ blockId: 1, numbers });
      refuse();
    };
    expect(() => file.till.transaction(act)).toThrow('refused');
    const { till } = file.reopen();
    expect(till.ops.last()?.tseq).toBe(2);
    expect(till.ops.searchOpen(pending('k', true), 9)).toEqual([memberId(1), memberId(2)]);
    expect([till.settings.get('count', Count), till.stock.countFree()]).toEqual([undefined, 0]);
    expect(till.check()).toEqual([]);
  });

  test('transactions do not nest and do not wait', () => {
    const { till } = open();
    expect(() => till.transaction(() => till.transaction(() => 1))).toThrow('do not nest');
    expect(() => till.transaction(() => Promise.resolve(1))).toThrow('does not wait');
    expect(till.transaction(() => 1)).toBe(1);
  });
}

function appends(open: () => TillFile): void {
  test('spends of what was earned here alone are found among all others, in order', () => {
    const { till } = open();
    const next = stamped(till, [1, 2]);
    const spend = (gain: number) => next(gainSpend(1, gain));
    const [first, none] = [spend(2), spend(0)];
    const plain = next(stamp(1, 1));
    const last = spend(1);
    till.transaction(() => [first, none, plain, last].forEach((sealed) => till.ops.append(sealed, [])));
    expect(tseqs(till.ops.listGainSpends(0, 9))).toEqual([3, 6]);
    expect(tseqs(till.ops.listGainSpends(0, 1))).toEqual([3]);
    expect(tseqs(till.ops.listGainSpends(3, 9))).toEqual([6]);
    expect(till.ops.listGainSpends(0, 1)[0]?.op).toEqual(first.op);
  });

  test('an op reads back as it was appended, by every way there is', () => {
    const { till } = open();
    const next = stamped(till, [1, 2, 1]);
    const undo = next(correction(1, opId(1)));
    till.transaction(() => till.ops.append(undo, []));
    const stored = { op: undo.op, hash: undo.hash, ackSeq: null, heldReason: null };
    expect([till.ops.find(opId(4)), till.ops.correctionOf(opId(1))]).toEqual([stored, stored]);
    const { hlc, businessDay } = undo.op;
    expect(till.ops.last()).toEqual({ tseq: 4, hash: undo.hash, hlc, businessDay });
    expect([till.ops.hashOf(4), till.ops.hashOf(5), till.ops.find(opId(9))]).toEqual([
      undo.hash,
      undefined,
      undefined,
    ]);
    expect(tseqs(till.ops.listAfter(1, 2))).toEqual([2, 3]);
    expect(tseqs(till.ops.listAfter(-1, 1))).toEqual([1]);
    expect(till.ops.recentMembers(2)).toEqual([memberId(1), memberId(2)]);
    expect(till.ops.dayTotals('2026-11-22')).toEqual([
      { kind: 'entry.corrected', count: 1, units: -1 },
      { kind: 'stamp.added', count: 3, units: 4 },
    ]);
    expect(till.ops.dayTotals('2026-11-21')).toEqual([]);
  });
}

function refusals(open: () => TillFile): void {
  test.each([
    ['a known op id', { opId: opId(1) }],
    ['a tseq left out', { tseq: 4 }],
    ['another predecessor', { prev: 'f'.repeat(32) }],
    ['a clock that goes back', { hlc: '0'.repeat(16) }],
    ['a business day that goes back', { businessDay: '2026-11-21' }],
  ])('refuses an op with %s', (_, changed) => {
    const { till } = open();
    const next = stamped(till, [1, 2]);
    const wrong = next(stamp(1), changed);
    expect(() => till.transaction(() => till.ops.append(wrong, ['kwrong']))).toThrow('not the next op');
    expect(till.ops.last()?.tseq).toBe(2);
  });

  test('a day of a clock that was ahead is left again where a turn is allowed, and both days add up', () => {
    const { till } = open();
    const next = stamped(till, [1]);
    const ahead = { hlc: 'f'.repeat(16), businessDay: '2100-01-01' };
    const back = { hlc: `${'0'.repeat(15)}1`, businessDay: '2026-11-22' };
    till.transaction(() => till.ops.append(next(stamp(1, 3), ahead), []));
    expect(() => till.transaction(() => till.ops.allowTurn(9))).toThrow('next op');
    till.transaction(() => {
      till.ops.allowTurn(3);
      till.ops.append(next(stamp(1, 4), back), []);
    });
    const wrong = next(stamp(1), { tseq: 4, hlc: '0'.repeat(16) });
    expect(() => till.transaction(() => till.ops.append(wrong, []))).toThrow('not the next op');
    expect(till.ops.dayRanges('2026-11-22')).toEqual([
      { fromTseq: 1, toTseq: 1 },
      { fromTseq: 3, toTseq: 3 },
    ]);
    expect(till.ops.dayTotals('2026-11-22')).toEqual([{ kind: 'stamp.added', count: 2, units: 5 }]);
    expect(till.ops.dayTotals('2100-01-01')).toEqual([{ kind: 'stamp.added', count: 1, units: 3 }]);
    expect(till.ops.listDays(9)).toEqual(['2026-11-22', '2100-01-01']);
    expect(till.ops.listDays(1)).toEqual(['2026-11-22']);
    expect(till.ops.dayRanges('2026-11-21')).toEqual([]);
  });

  test('a business day is closed once, and the newest answer about it counts', () => {
    const { till } = open();
    const signature = 'a'.repeat(128);
    const close = (businessDay: string) => ({ businessDay, certificate: '{"a":1}', signature });
    till.closes.add(close('2026-11-21'));
    till.closes.add(close('2026-11-22'));
    expect(() => till.closes.add(close('2026-11-21'))).toThrow('closed before');
    expect(till.closes.list(9).map(({ businessDay }) => businessDay)).toEqual(['2026-11-22', '2026-11-21']);
    expect(till.closes.list(1)).toEqual([close('2026-11-22')]);
    expect([till.closes.find('2026-11-21'), till.closes.find('2026-11-20')]).toEqual([
      close('2026-11-21'),
      undefined,
    ]);
    expect(till.closes.receiptOf('2026-11-21')).toBeUndefined();
    const unanswered = (before: string, limit = 9) =>
      till.closes.listUnanswered(before, limit).map(({ businessDay }) => businessDay);
    expect(unanswered('2026-11-23')).toEqual(['2026-11-22', '2026-11-21']);
    expect([unanswered('2026-11-22'), unanswered('2026-11-23', 1)]).toEqual([['2026-11-21'], ['2026-11-22']]);
    till.closes.addReceipt('2026-11-21', { receipt: '{"b":1}', signature });
    till.closes.addReceipt('2026-11-21', { receipt: '{"b":2}', signature });
    expect(till.closes.receiptOf('2026-11-21')).toEqual({ receipt: '{"b":2}', signature });
    expect(unanswered('2026-11-23')).toEqual(['2026-11-22']);
  });
}

function keys(open: () => TillFile): void {
  test('keys find members in key order, each once, and repeat harmlessly', () => {
    const { till } = open();
    stamped(till, [3, 1, 3]);
    till.ops.addKeys(1, memberId(3), ['k3', 'k9']);
    expect(till.ops.searchOpen(pending('k', true), 9)).toEqual([memberId(1), memberId(3)]);
    expect(till.ops.searchOpen(pending('k', true), 1)).toEqual([memberId(1)]);
    expect(till.ops.searchOpen(pending('k9'), 9)).toEqual([memberId(3)]);
    expect(till.ops.searchOpen(pending('k'), 9)).toEqual([]);
  });
}

function answers(open: () => TillFile): void {
  test('acks give numbers and reasons, repeat harmlessly and leave no gap', () => {
    const { till } = open();
    stamped(till, [1, 2, 3, 4]);
    const acks = [
      { firstTseq: 1, count: 2, firstSeq: 10 },
      { firstTseq: 3, count: 1, firstSeq: 20 },
    ];
    const held = [{ tseq: 2, reason: 'unknown_target' }];
    till.ops.recordAcks(acks, held);
    till.ops.recordAcks(acks, held);
    expect(till.ops.listAfter(0, 9).map(({ ackSeq, heldReason }) => [ackSeq, heldReason])).toEqual([
      [10, null],
      [11, 'unknown_target'],
      [20, null],
      [null, null],
    ]);
    expect([till.ops.ackedTseq(), till.ops.counts()]).toEqual([3, { total: 4, outstanding: 1, held: 1 }]);
    expect(() => till.ops.recordAcks([{ firstTseq: 5, count: 1, firstSeq: 30 }], [])).toThrow(
      'acks leave no gap',
    );
    expect(() => till.ops.recordAcks([], [{ tseq: 4, reason: 'bad_body' }])).toThrow('a held op is numbered');
    expect(till.ops.ackedTseq()).toBe(3);
  });

  test('open are the ops that the confirmed rows may not contain', () => {
    const { till } = open();
    stamped(till, [1, 1, 1, 2, 1]);
    till.ops.recordAcks([{ firstTseq: 1, count: 3, firstSeq: 10 }], [{ tseq: 1, reason: 'bad_body' }]);
    expect(tseqs(till.ops.listOpen(memberId(1), 11))).toEqual([1, 3, 5]);
    expect(tseqs(till.ops.listOpen(memberId(1), 99))).toEqual([1, 5]);
    expect(tseqs(till.ops.listOpen(memberId(9), 0))).toEqual([]);
  });

  test('keys of settled ops go, those of held and open ones stay', () => {
    const { till } = open();
    stamped(till, [1, 2, 3, 4]);
    till.ops.recordAcks([{ firstTseq: 1, count: 3, firstSeq: 10 }], [{ tseq: 1, reason: 'bad_body' }]);
    till.ops.forgetKeys(11);
    expect(till.ops.searchOpen(pending('k', true), 9)).toEqual([memberId(1), memberId(3), memberId(4)]);
  });

  test('a centre that counts anew takes all numbers back', () => {
    const { till } = open();
    stamped(till, [1, 2, 3]);
    till.ops.recordAcks([{ firstTseq: 1, count: 2, firstSeq: 10 }], [{ tseq: 1, reason: 'bad_body' }]);
    till.ops.forgetAcks();
    expect([till.ops.ackedTseq(), till.ops.counts()]).toEqual([0, { total: 3, outstanding: 3, held: 0 }]);
  });
}

function stockAndSettings(open: () => TillFile): void {
  test('a card number is given out once, in the order of its block', () => {
    const file = open();
    file.till.stock.addBlock({ blockId: 4, numbers });
    file.till.stock.addBlock({ blockId: 4, numbers: ['6035550000000042'] });
    stamped(file.till, [1]);
    file.till.transaction(() => file.till.stock.markUsed(numbers[0] ?? '', opId(1)));
    const { till } = file.reopen();
    expect([till.stock.nextFree(), till.stock.countFree(), till.stock.lastBlockId()]).toEqual([
      numbers[1],
      2,
      4,
    ]);
    expect([till.stock.isMine(numbers[0] ?? ''), till.stock.isMine('6035550000000042')]).toEqual([
      true,
      false,
    ]);
    for (const used of [numbers[0] ?? '', '6035550000000042'])
      expect(() => till.transaction(() => till.stock.markUsed(used, opId(1)))).toThrow('free');
  });

  test('a setting is what was set last, checked by the schema of whoever reads', () => {
    const file = open();
    file.till.settings.set('count', 1);
    file.till.settings.set('count', 2);
    file.till.settings.set('gone', 3);
    file.till.settings.remove('gone');
    const { till } = file.reopen();
    expect([till.settings.get('count', Count), till.settings.get('gone', Count)]).toEqual([2, undefined]);
    expect(() => till.settings.get('count', z.string())).toThrow('expected string');
  });
}
