import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openFile } from '../../../../db/open.ts';
import { openTill } from '../../../../db/till/open.ts';
import type { TillDb } from '../../../../db/till/types.ts';
import { closing, KEY, tempFolder } from '../files.ts';
import type { SealedOp } from '../../../../sync/model/op.ts';
import { cardNumber, correction, memberId, opChain, opId, stamp } from '../samples.ts';

const newTill = () => closing(openTill({ path: join(tempFolder(), 'till.db'), keyHex: KEY }));

/** Appends stamps for the members given, in order; op n has opId(n) and tseq n. */
function stamped(till: TillDb, members: readonly number[]): void {
  const next = opChain();
  till.transaction(() => {
    for (const n of members) till.ops.append(next(stamp(n)), []);
  });
}

test('an op is blanked as a whole, once, or not at all (trigger)', () => {
  const path = join(tempFolder(), 'till.db');
  const till = openTill({ path, keyHex: KEY });
  stamped(till, [1, 2]);
  till.close();
  const raw = closing(openFile({ path, keyHex: KEY, file: 'till' }));
  const commitment = `'${'a'.repeat(64)}'`;
  const blank = `UPDATE ops SET salt = '', body = 'null', commitment = ${commitment} WHERE tseq = 1`;
  for (const change of [
    `body = 'null'`,
    `salt = 'ab'`,
    `commitment = ${commitment}`,
    `body = '{}', commitment = ${commitment}`,
    `body = 'null', salt = 'ab', commitment = ${commitment}`,
    `body = 'null', salt = '', commitment = ${commitment}, hash = '${'b'.repeat(32)}'`,
  ]) {
    expect(() => raw.exec(`UPDATE ops SET ${change} WHERE tseq = 1`)).toThrow('append-only');
  }
  raw.exec(blank);
  expect(() => raw.exec(blank)).toThrow('append-only');
  expect(() => raw.exec(`UPDATE ops SET body = '{}' WHERE tseq = 1`)).toThrow('append-only');
});

const tseqs = (stored: readonly { op: { tseq: number } }[]) => stored.map(({ op }) => op.tseq);

describe('an own op', () => {
  test('reads back as it was appended, also after the file was closed', () => {
    const path = join(tempFolder(), 'till.db');
    const first = opChain()(stamp(7, 3));
    const till = openTill({ path, keyHex: KEY });
    till.transaction(() => till.ops.append(first, []));
    till.close();
    const again = closing(openTill({ path, keyHex: KEY }));
    const { op, hash } = first;
    expect(again.ops.find(opId(1))).toEqual({ op, hash, ackSeq: null, heldReason: null });
    expect(again.ops.last()).toEqual({
      tseq: 1,
      hash: first.hash,
      hlc: first.op.hlc,
      businessDay: '2026-11-22',
    });
    expect(again.ops.hashOf(1)).toBe(first.hash);
    expect([again.ops.find(opId(2)), again.ops.hashOf(2)]).toEqual([undefined, undefined]);
    expect(again.check()).toEqual([]);
  });

  test('is not there when its transaction throws, and the next one takes its place', () => {
    const till = newTill();
    const lost = opChain()(stamp(1));
    const act = () => {
      till.ops.append(lost, ['nlost']);
      throw new Error('refused');
    };
    expect(() => till.transaction(act)).toThrow('refused');
    expect([till.ops.last(), till.ops.searchOpen({ key: 'nlost', isPrefix: false }, 5)]).toEqual([null, []]);
    stamped(till, [1]);
    expect(till.ops.counts()).toEqual({ total: 1, outstanding: 1, held: 0 });
  });

  test.each([
    ['its op id is known', { opId: opId(1) }],
    ['a tseq is left out', { tseq: 3 }],
    ['it names another predecessor', { prev: 'f'.repeat(32) }],
    ['its clock goes back', { hlc: '0'.repeat(16) }],
    ['its business day goes back', { businessDay: '2026-11-21' }],
  ])('is refused when %s, and nothing changes', (_, changed) => {
    const till = newTill();
    const next = opChain();
    till.transaction(() => till.ops.append(next(stamp(1)), []));
    const wrong = next(stamp(1), changed);
    expect(() => till.transaction(() => till.ops.append(wrong, ['nkey']))).toThrow('not the next op');
    expect(till.ops.last()?.tseq).toBe(1);
    expect(till.check()).toEqual([]);
  });
});

describe('the last op, which is kept in memory', () => {
  /** Op 1 is saved; op 2 was appended by something that was taken back. */
  const takenBack: [string, string, (till: TillDb, second: SealedOp) => void][] = [
    [
      'its command is refused',
      'refused',
      (till, second) => {
        till.ops.append(second, []);
        expect(till.ops.last()?.hash).toBe(second.hash);
        throw new Error('refused');
      },
    ],
    [
      'the commit fails',
      'FOREIGN KEY',
      (till, second) => {
        till.stock.addBlock({ blockId: 1, numbers: [cardNumber(1)] });
        // By no op: the reference is looked at by the commit.
        till.stock.markUsed(cardNumber(1), opId(99));
        till.ops.append(second, []);
      },
    ],
  ];

  test.each(takenBack)('is the one before again when %s, and the next op fits', (_, words, act) => {
    const till = newTill();
    const next = opChain();
    const first = next(stamp(1));
    till.transaction(() => till.ops.append(first, []));
    const { tseq, hlc, businessDay } = first.op;
    expect(() => till.transaction(() => act(till, next(stamp(2))))).toThrow(words);
    expect(till.ops.last()).toEqual({ tseq, hlc, businessDay, hash: first.hash });
    const again = next(stamp(3), { tseq: 2, prev: first.hash });
    till.transaction(() => till.ops.append(again, []));
    expect([till.ops.last()?.hash, till.check()]).toEqual([again.hash, []]);
  });

  test('is that of the file, also after it was closed', () => {
    const path = join(tempFolder(), 'till.db');
    const till = openTill({ path, keyHex: KEY });
    expect(till.ops.last()).toBe(null);
    stamped(till, [1, 2]);
    till.close();
    expect(closing(openTill({ path, keyHex: KEY })).ops.last()?.tseq).toBe(2);
  });
});

describe('the table of own ops', () => {
  test('gives up no row and changes none, but for what the centre answers', () => {
    const path = join(tempFolder(), 'till.db');
    stamped(closing(openTill({ path, keyHex: KEY })), [1, 2]);
    const raw = closing(openFile({ path, keyHex: KEY, file: 'till' }));
    const columns = (raw.pragma('table_info(ops)') as { name: string }[]).map(({ name }) => name);
    const fixed = columns.filter((name) => {
      try {
        raw.exec(`UPDATE ops SET ${name} = ${name}`);
        return false;
      } catch {
        return true;
      }
    });
    expect(columns.filter((name) => !fixed.includes(name))).toEqual([
      'ack_seq',
      'held_reason',
      'released_seq',
    ]);
    expect(() => raw.exec('DELETE FROM ops WHERE tseq = 2')).toThrow('append-only');
    const copy = `INSERT OR REPLACE INTO ops SELECT * FROM ops WHERE tseq = 2`;
    expect(() => raw.exec(copy)).toThrow('not the next op');
  });

  test('takes no op of nobody and no body that is not JSON', () => {
    const path = join(tempFolder(), 'till.db');
    stamped(closing(openTill({ path, keyHex: KEY })), [1]);
    const raw = closing(openFile({ path, keyHex: KEY, file: 'till' }));
    const columns = (raw.pragma('table_info(ops)') as { name: string }[]).map(({ name }) => name);
    const insertWith = (name: string, value: string) => {
      const wanted: Record<string, string> = {
        tseq: '2',
        op_id: `'${opId(2)}'`,
        prev: 'hash',
        hlc: `'ffffffffffffffff'`,
        [name]: value,
      };
      raw.exec(
        `INSERT INTO ops SELECT ${columns.map((column) => wanted[column] ?? column).join(', ')} FROM ops`,
      );
    };
    expect(() => insertWith('actor_id', `''`)).toThrow('CHECK');
    expect(() => insertWith('body', `'{'`)).toThrow('CHECK');
    expect(() => insertWith('units', `'many'`)).toThrow('cannot store TEXT');
    insertWith('units', '1');
  });
});

describe('the check', () => {
  test.each([
    ['UPDATE ops SET hash = lower(hex(randomblob(16))) WHERE tseq = 1', ['ops: the chain is broken']],
    ['DELETE FROM ops WHERE tseq = 2', ['ops: tseq is not dense', 'ops: the chain is broken']],
    ['UPDATE ops SET ack_seq = 5 WHERE tseq = 2', ['ops: acks leave a gap']],
    [`INSERT INTO pending_keys VALUES ('nx', '${memberId(1)}', 9)`, ['a reference is broken']],
  ])('sees what somebody did past the triggers: %s', (sql, words) => {
    const path = join(tempFolder(), 'till.db');
    const till = closing(openTill({ path, keyHex: KEY }));
    stamped(till, [1, 2, 3]);
    expect(till.check()).toEqual([]);
    const raw = closing(openFile({ path, keyHex: KEY, file: 'till' }));
    raw.pragma('foreign_keys = OFF');
    raw.exec(`DROP TRIGGER ops_fixed; DROP TRIGGER ops_keep; ${sql}`);
    expect(till.check()).toEqual(words);
  });
});

describe('a transaction', () => {
  test('does not nest and does not wait', async () => {
    const till = newTill();
    expect(() => till.transaction(() => till.transaction(() => 1))).toThrow('do not nest');
    expect(() => till.transaction(() => Promise.resolve(1))).toThrow('does not wait');
    expect(till.transaction(() => 1)).toBe(1);
  });
});

describe('the outbox', () => {
  test('lists what follows a tseq, in order and bounded', () => {
    const till = newTill();
    stamped(till, [1, 2, 3, 4]);
    expect(tseqs(till.ops.listAfter(1, 2))).toEqual([2, 3]);
    expect(tseqs(till.ops.listAfter(4, 2))).toEqual([]);
  });

  test('knows the fate of what was acked, and repeated acks change nothing', () => {
    const till = newTill();
    stamped(till, [1, 1, 1, 1]);
    expect(till.ops.ackedTseq()).toBe(0);
    const acks = [
      { firstTseq: 1, count: 2, firstSeq: 50 },
      { firstTseq: 3, count: 1, firstSeq: 60 },
    ];
    till.ops.recordAcks(acks, [{ tseq: 2, reason: 'unknown_target' }]);
    till.ops.recordAcks(acks, [{ tseq: 2, reason: 'unknown_target' }]);
    expect(till.ops.listAfter(0, 9).map(({ ackSeq, heldReason }) => [ackSeq, heldReason])).toEqual([
      [50, null],
      [51, 'unknown_target'],
      [60, null],
      [null, null],
    ]);
    expect(till.ops.ackedTseq()).toBe(3);
    expect(till.ops.counts()).toEqual({ total: 4, outstanding: 1, held: 1 });
    expect(till.check()).toEqual([]);
  });

  test.each([
    ['leave a gap', [{ firstTseq: 2, count: 1, firstSeq: 9 }], []],
    ['name an op that is not there', [{ firstTseq: 1, count: 3, firstSeq: 9 }], []],
    ['hold an op without a number', [], [{ tseq: 1, reason: 'bad_body' }]],
  ])('refuses acks that %s, and keeps none of them', (_, acks, held) => {
    const till = newTill();
    stamped(till, [1, 1]);
    expect(() => till.ops.recordAcks([{ firstTseq: 1, count: 0, firstSeq: 1 }, ...acks], held)).toThrow(
      'assert',
    );
    expect(till.ops.ackedTseq()).toBe(0);
  });

  test('shows as open what is not acked, acked beyond the settled cursor, or held', () => {
    const till = newTill();
    stamped(till, [1, 1, 1, 2, 1]);
    till.ops.recordAcks([{ firstTseq: 1, count: 4, firstSeq: 101 }], [{ tseq: 1, reason: 'not_allowed' }]);
    expect(tseqs(till.ops.listOpen(memberId(1), 0))).toEqual([1, 2, 3, 5]);
    expect(tseqs(till.ops.listOpen(memberId(1), 102))).toEqual([1, 3, 5]);
    expect(tseqs(till.ops.listOpen(memberId(1), 104))).toEqual([1, 5]);
    expect(tseqs(till.ops.listOpen(memberId(3), 0))).toEqual([]);
  });

  test('finds the first own correction of an op', () => {
    const till = newTill();
    const next = opChain();
    till.transaction(() => {
      till.ops.append(next(stamp(1)), []);
      till.ops.append(next(correction(1, opId(1))), []);
      till.ops.append(next(correction(1, opId(1))), []);
    });
    expect(till.ops.correctionOf(opId(1))?.op.opId).toBe(opId(2));
    expect(till.ops.correctionOf(opId(2))).toBe(undefined);
  });
});

describe('pending keys', () => {
  const withKeys = () => {
    const till = newTill();
    const next = opChain();
    till.transaction(() => {
      till.ops.append(next(stamp(1)), ['nan na', 'nna an', 'p1234', 'c6035550000000001']);
      till.ops.append(next(stamp(2)), ['nan ben', 'nan bo']);
      till.ops.append(next(stamp(3)), ['nana', 'nan b']);
    });
    return till;
  };
  const numbers = (ids: readonly string[]) => ids.map((id) => Number(id.slice(-2)));
  const find = (till: TillDb, key: string) => numbers(till.ops.searchOpen({ key, isPrefix: true }, 9));
  const findWhole = (till: TillDb, key: string) => numbers(till.ops.searchOpen({ key, isPrefix: false }, 9));

  test('find members by a whole key or its start, each member once', () => {
    const till = withKeys();
    expect(find(till, 'nan')).toEqual([3, 2, 1]);
    expect(findWhole(till, 'nan')).toEqual([]);
    expect(findWhole(till, 'c6035550000000001')).toEqual([1]);
    expect(find(till, 'nan b')).toEqual([3, 2]);
    expect(numbers(till.ops.searchOpen({ key: 'nan', isPrefix: true }, 1))).toEqual([3]);
    expect(find(till, 'x')).toEqual([]);
  });

  test('stay until the confirmed rows contain their op; a held op keeps them', () => {
    const till = withKeys();
    till.ops.recordAcks(
      [{ firstTseq: 1, count: 2, firstSeq: 10 }],
      [{ tseq: 1, reason: 'card_number_taken' }],
    );
    till.ops.forgetKeys(9);
    expect(find(till, 'nan')).toEqual([3, 2, 1]);
    till.ops.forgetKeys(11);
    expect(find(till, 'nan')).toEqual([3, 1]);
    expect(find(till, 'p')).toEqual([1]);
  });
});

describe('figures of the day', () => {
  test('count and add up one business day only', () => {
    const till = newTill();
    const next = opChain();
    const day = (businessDay: string) => ({ businessDay });
    till.transaction(() => {
      till.ops.append(next(stamp(1, 2), day('2026-11-20')), []);
      till.ops.append(next(stamp(1, 3), day('2026-11-21')), []);
      till.ops.append(next(stamp(2, 4), day('2026-11-21')), []);
      till.ops.append(next(correction(2, opId(3)), day('2026-11-21')), []);
      till.ops.append(next(stamp(1, 5), day('2026-11-22')), []);
    });
    expect(till.ops.dayTotals('2026-11-21')).toEqual([
      { kind: 'entry.corrected', count: 1, units: -1 },
      { kind: 'stamp.added', count: 2, units: 7 },
    ]);
    expect(till.ops.dayTotals('2026-11-22')).toEqual([{ kind: 'stamp.added', count: 1, units: 5 }]);
    expect(till.ops.dayTotals('2026-11-19')).toEqual([]);
    expect(till.ops.dayTotals('2026-11-23')).toEqual([]);
  });

  test('name the members of the latest ops, newest first, each once', () => {
    const till = newTill();
    stamped(till, [1, 2, 1, 3, 3]);
    expect(till.ops.recentMembers(2)).toEqual([memberId(3), memberId(1)]);
    expect(till.ops.recentMembers(9)).toEqual([memberId(3), memberId(1), memberId(2)]);
  });
});
