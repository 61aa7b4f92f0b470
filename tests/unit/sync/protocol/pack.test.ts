import { zstdCompressSync } from 'node:zlib';
import { expect, test } from 'vitest';
import fc from 'fast-check';
import { toHlc } from '../../../../sync/base/clock.ts';
import { newId, type OpId } from '../../../../sync/base/ids.ts';
import { OpBody, opHash, type WireOp } from '../../../../sync/model/op.ts';
import {
  BatchFault,
  cardsLeftOut,
  packBatch,
  PackedBatch,
  UnknownCard,
  unpackBatch,
  type HolderOf,
} from '../../../../sync/protocol/pack.ts';
import { testCrypto } from '../../../parts/node-crypto.ts';
import { headOf, OP_KINDS, someOps, START } from '../../../parts/some-ops.ts';

const NOBODY: HolderOf = () => undefined;
/** What arrives: through JSON and the shape, as at the centre. */
const sent = (batch: PackedBatch): PackedBatch => PackedBatch.parse(JSON.parse(JSON.stringify(batch)));
const unpack = (batch: PackedBatch, holderOf: HolderOf = NOBODY): WireOp[] =>
  unpackBatch(sent(batch), START, { crypto: testCrypto, holderOf }).map(({ op }) => op);

const cardOf = (op: WireOp): string => String(op.body['cardId']);
/** The card rows that these ops agree with. */
const holdersIn = (ops: readonly WireOp[]): HolderOf => {
  const rows = new Map(
    ops.map((op) => [
      cardOf(op),
      { memberId: String(op.body['memberId']), accountId: String(op.body['accountId']) },
    ]),
  );
  return (cardId) => rows.get(cardId);
};

test('every kind has ops to try', () => {
  expect(OP_KINDS.toSorted()).toEqual(OpBody.options.map((option) => option.shape.kind.value).toSorted());
});

test('ops of all kinds come out as they went in, with and without what the card says', () => {
  fc.assert(
    fc.property(someOps, fc.boolean(), (ops, isInFull) => {
      const holderOf = isInFull ? NOBODY : holdersIn(ops);
      const batch = packBatch(ops, { head: headOf(ops), holderOf });
      expect(unpack(batch, holderOf)).toEqual(JSON.parse(JSON.stringify(ops)));
    }),
    { numRuns: 200, seed: 1 },
  );
});

/** A day at a till: other members' cards in any order, some seconds apart. */
function stamps(count: number): WireOp[] {
  let ms = Date.UTC(2026, 10, 22, 2);
  let prev: string = START.hash;
  const random = (below: number): number => Math.floor(Math.random() * below);
  return Array.from({ length: count }, (_, at) => {
    ms += 2_000 + random(90_000);
    const [memberId, accountId] = [newId(), newId()];
    const opId = `${(ms - random(3_000)).toString(16).padStart(12, '0')}${newId().replaceAll('-', '').slice(12)}`;
    const op: WireOp = {
      version: 1,
      opId: opId.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5') as OpId,
      tillId: START.tillId,
      incarnation: START.incarnation,
      tseq: START.tseq + at + 1,
      hlc: toHlc(ms),
      wallMs: ms,
      actorId: `staff-${random(3)}` as WireOp['actorId'],
      storeId: 'store-1' as WireOp['storeId'],
      businessDay: '2026-11-22',
      kind: 'stamp.added',
      salt: '',
      prev,
      body: {
        kind: 'stamp.added',
        memberId,
        // Cards were issued over two years.
        cardId: `${(ms - random(6e10)).toString(16).padStart(12, '0').replace(/^.{8}/, '$&-')}-7${testCrypto
          .randomHex(2)
          .slice(1)}-8${testCrypto.randomHex(2).slice(1)}-${testCrypto.randomHex(6)}`,
        accountId,
        cardTypeVersion: 1,
        amountMinor: 350 + 10 * random(150),
        receiptNo: '',
        count: 1 + random(2),
      },
    };
    prev = opHash(op, testCrypto);
    return op;
  });
}

test('a stamp takes at most 45 bytes of a full batch on the wire, everything counted', () => {
  const ops = stamps(500);
  const batch = packBatch(ops, { head: headOf(ops), holderOf: holdersIn(ops) });
  const request = {
    ...{ protocol: 1, schema: testCrypto.randomHex(8), tillId: 'till-0123456789ab', incarnation: 1 },
    ...{ epoch: testCrypto.randomHex(8), ackedTseq: 12_345, ackedHash: testCrypto.randomHex(16) },
    ...{ lastTseq: 12_845, fence: testCrypto.randomHex(16), clock: { wallMs: Date.now() }, batch },
    ...{ cursor: 1_234_567, cardStock: 400, lastBlockId: 17 },
  };
  expect(zstdCompressSync(JSON.stringify(request)).length / 500).toBeLessThanOrEqual(45);
  expect(unpack(batch, holdersIn(ops))).toEqual(ops);
});

test('the cards to look up are those of the bodies that left something out', () => {
  const ops = stamps(5);
  const [first, ...rest] = ops;
  const holderOf = holdersIn(rest);
  const batch = packBatch(ops, { head: headOf(ops), holderOf });
  expect(cardsLeftOut(batch).toSorted()).toEqual(rest.map(cardOf).toSorted());
  expect(cardsLeftOut(packBatch(ops, { head: headOf(ops), holderOf: NOBODY }))).toEqual([]);
  expect(first).toBeDefined();
});

test('a card that is not known, or is known as another’s, asks for everything', () => {
  const ops = stamps(3);
  const batch = packBatch(ops, { head: headOf(ops), holderOf: holdersIn(ops) });
  expect(() => unpack(batch)).toThrow(UnknownCard);
  expect(() => unpack(batch, () => ({ memberId: newId(), accountId: newId() }))).toThrow(UnknownCard);
});

test.each<[string, (batch: PackedBatch) => unknown]>([
  ['another head', (batch) => ({ ...batch, head: '0'.repeat(32) })],
  ['more ops than rows', (batch) => ({ ...batch, count: 4 })],
  ['a place without a shape', (batch) => ({ ...batch, shape: ['same', 9] })],
  ['a place that is no number', (batch) => ({ ...batch, shape: ['same', null] })],
  ['a clock beyond its bits', (batch) => ({ ...batch, hlcMs: ['same', 2 ** 48] })],
  ['a key less than columns', (batch) => ({ ...batch, shapes: [{ ...batch.shapes[0], keys: [] }] })],
  ['a constant of ten megabytes', (batch) => ({ ...batch, salt: ['same', 'x'.repeat(400_000)] })],
  ['a half', (batch) => ({ ...batch, version: ['same', 1.5] })],
])('%s is refused', (_name, change) => {
  const ops = stamps(3);
  const batch = change(packBatch(ops, { head: headOf(ops), holderOf: NOBODY })) as PackedBatch;
  expect(() => unpack(batch)).toThrow(BatchFault);
});

test('nesting without end is refused before it is walked', () => {
  const ops = stamps(1);
  const batch = packBatch(ops, { head: headOf(ops), holderOf: NOBODY });
  const deep: unknown = JSON.parse('['.repeat(50_000) + ']'.repeat(50_000));
  const changed = {
    ...batch,
    shapes: [{ kind: 'x', keys: ['a'], columns: [['same', deep]], isHeld: false }],
  };
  const start = { crypto: testCrypto, holderOf: NOBODY };
  expect(() => unpackBatch(PackedBatch.parse(changed), START, start)).toThrow(BatchFault);
});

test.each(['__proto__', 'constructor', 'prototype'])('a body with the key %s is not of our shape', (key) => {
  const ops = stamps(1);
  const batch = packBatch(ops, { head: headOf(ops), holderOf: NOBODY });
  const shapes = [{ ...batch.shapes[0], keys: [key] }];
  expect(PackedBatch.safeParse({ ...batch, shapes }).success).toBe(false);
});
