import { constants, zstdCompressSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeBalances, encodeBalances, type Balance } from '../../../../sync/feed/balance-lane.ts';
import { roundSpent } from '../../../../sync/model/spent-level.ts';
import { decodeRows, emptyLaneRows, encodeRows } from '../../../../sync/feed/row-lane.ts';
import { createByteReader, createByteWriter } from '../../../../sync/feed/varint.ts';
import { createRandom } from '../../../../crm/demo/random.ts';
import { account, card, member } from '../../db/samples.ts';

const safe = fc.maxSafeInteger().map((value) => value + 0);
const MINUTE_MS = 60_000;

const balances = fc
  .uniqueArray(
    fc.record({
      accountNo: fc.nat(2 ** 40),
      balance: safe,
      entryCount: fc.nat(),
      lastEntryAtMs: fc.nat(2 ** 40).map((at) => at - (at % MINUTE_MS)),
      purchaseCount: fc.integer({ min: -1_000, max: 1_000_000 }),
      spentMinor: fc.integer({ min: -(2 ** 40), max: 2 ** 40 }),
    }),
    { selector: ({ accountNo }) => accountNo, maxLength: 200 },
  )
  .map((list) => list.sort((left, right) => left.accountNo - right.accountNo));

test('numbers come back as they went, of either sign and up to 2^53', () => {
  fc.assert(
    fc.property(fc.array(safe), (numbers) => {
      const writer = createByteWriter();
      for (const number of numbers) writer.signed(number);
      const reader = createByteReader(writer.bytes());
      expect(numbers.map(() => reader.signed())).toEqual(numbers.map((number) => number + 0));
      reader.end();
    }),
  );
});

test('balances come back as they went', () => {
  fc.assert(
    fc.property(balances, (list) => {
      const read = list.map((each) => ({
        ...each,
        spentMinor: roundSpent(each.spentMinor, each.purchaseCount),
      }));
      expect(decodeBalances(encodeBalances(list))).toEqual(read);
    }),
  );
});

test('broken bytes are refused, whatever they are', () => {
  const lane = encodeBalances([
    { accountNo: 7, balance: -3, entryCount: 2, lastEntryAtMs: MINUTE_MS, purchaseCount: 1, spentMinor: 450 },
  ]);
  for (let length = 0; length < lane.length; length += 1)
    expect(() => decodeBalances(lane.subarray(0, length)), String(length)).toThrow(/lane|varint/);
  expect(() => decodeBalances(Uint8Array.from([...lane, 0]))).toThrow('bytes remain');
  const read = (bytes: Uint8Array): Balance[] | null => {
    try {
      return decodeBalances(bytes);
    } catch {
      return null;
    }
  };
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
      const list = read(bytes) ?? [];
      expect(decodeBalances(encodeBalances(list))).toEqual(list);
    }),
  );
});

test('ten thousand changed balances of a million take at most six bytes each', () => {
  const random = createRandom(20_261_122);
  const numbers = new Set<number>();
  while (numbers.size < 10_000) numbers.add(random.int(1, 1_000_000));
  const nowMs = Date.UTC(2026, 10, 22, 12);
  const list: Balance[] = [...numbers]
    .sort((left, right) => left - right)
    .map((accountNo) => ({
      accountNo,
      balance: random.int(0, 3) === 0 ? random.int(0, 20_000) : random.int(0, 200),
      entryCount: random.int(1, 120),
      lastEntryAtMs: nowMs - random.int(0, 1_440) * MINUTE_MS,
      ...{ purchaseCount: 0, spentMinor: 0 },
    }))
    .map((each) => {
      // One in ten has rewards or corrections among the entries.
      const purchaseCount = Math.max(0, each.entryCount - (random.int(0, 9) === 0 ? random.int(1, 4) : 0));
      return { ...each, purchaseCount, spentMinor: purchaseCount * random.int(300, 1_500) };
    });
  // As the centre packs a fresh cut.
  const level = { params: { [constants.ZSTD_c_compressionLevel]: 19 } };
  const bytes = zstdCompressSync(encodeBalances(list), level).length / list.length;
  expect(bytes).toBeLessThanOrEqual(6);
});

test('rows come back as they went, numbered as the segment says; other kinds of line are refused', () => {
  const rows = {
    ...emptyLaneRows(),
    members: [member(1, { notes: 'two\nlines \u2028 and a 陈' })],
    cards: [card(2)],
    accounts: [account(3)],
  };
  const text = encodeRows(rows);
  expect(decodeRows(text, 77)).toEqual({
    ...rows,
    members: rows.members.map((row) => ({ ...row, seq: 77 })),
    cards: rows.cards.map((row) => ({ ...row, seq: 77 })),
    accounts: rows.accounts.map((row) => ({ ...row, seq: 77 })),
  });
  expect(() => decodeRows(`${text}z{}\n`, 77)).toThrow('does not know');
  expect(() => decodeRows(text.slice(0, -20), 77)).toThrow('another form');
  expect(() => decodeRows(text.replace('"active"', '"gone"'), 77)).toThrow('state');
});
