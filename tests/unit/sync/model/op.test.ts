import { assert as hold, integer, property, record, string } from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalJson, type Json } from '../../../../sync/base/canonical.ts';
import { opHash, sealOp, type Op } from '../../../../sync/model/op.ts';
import { testCrypto } from '../../../parts/node-crypto.ts';
import { makeOp, ON_CARD } from '../../../parts/ops.ts';

const stamp = (): Op =>
  makeOp(
    { kind: 'stamp.added', ...ON_CARD, amountMinor: null, receiptNo: 'ü "1"', count: 1 },
    { opId: '01890000-0000-7000-8000-0000000000aa' },
  );

/** As `sync/README.md` has it, in the fewest words. */
function hashInWords({ body, salt, ...header }: Op): string {
  const commitment = testCrypto.sha256Hex(salt + canonicalJson(body as Json));
  return testCrypto.sha256Hex(canonicalJson([header as Json, commitment])).slice(0, 32);
}

test('the hash of an op is the one that tills have in their files', () => {
  expect(opHash(stamp(), testCrypto)).toBe('64b68592dcf90a470a2e09bcbda9259f');
});

test('whatever stands in the header, its hash is over the canonical JSON of all of it', () => {
  const text = string({ unit: 'binary' });
  const header = record({
    ...{ tillId: text, hlc: text, actorId: text, storeId: text, businessDay: text, kind: text, salt: text },
    ...{ prev: text, tseq: integer(), wallMs: integer(), version: integer(), incarnation: integer() },
  });
  hold(
    property(header, (changed) => {
      const op = { ...stamp(), ...changed } as Op;
      expect(opHash(op, testCrypto)).toBe(hashInWords(op));
    }),
  );
});

test('a header with a number that JSON would round has no hash', () => {
  for (const field of ['tseq', 'wallMs', 'version', 'incarnation']) {
    expect(() => opHash({ ...stamp(), [field]: 2 ** 53 }, testCrypto)).toThrow('safe integers');
  }
});

test('an op is sealed with the text that was hashed, which reads back as its body', () => {
  const op = stamp();
  const { hash, bodyText } = sealOp(op, testCrypto);
  expect([hash, JSON.parse(bodyText)]).toEqual([opHash(op, testCrypto), op.body]);
  expect(bodyText).toBe(canonicalJson(op.body as Json));
});
