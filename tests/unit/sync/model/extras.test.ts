import fc from 'fast-check';
import { expect, test } from 'vitest';
import { attributesOf, fits, maskCustom } from '../../../../sync/model/attributes.ts';
import {
  CustomValue,
  EMPTY_EXTRAS,
  ExtrasPatch,
  ExtrasText,
  isExtraKey,
  patchOf,
  readExtras,
  withExtra,
  writeExtras,
  type Extras,
} from '../../../../sync/model/extras.ts';
import { KeptReceipt, TakenBack } from '../../../../sync/model/hand-receipt.ts';

const id = fc.stringMatching(/^[A-Za-z][A-Za-z0-9_-]{0,10}$/).filter((text) => !(text in {}));
const tag = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 10 })
  .map((text) => text.normalize('NFC').trim())
  .filter((text) => text !== '' && text.length <= 40 && !/\p{Cc}|\p{Zl}|\p{Zp}/u.test(text));
const extras: fc.Arbitrary<Extras> = fc.record({
  tags: fc.uniqueArray(tag, { maxLength: 5 }),
  groups: fc.uniqueArray(id, { maxLength: 5 }),
  custom: fc.dictionary(id, fc.constantFrom('1', 'a "quoted" text', '2026-11-22'), { maxKeys: 4 }),
  verified: fc.record({ mobile: fc.boolean(), email: fc.boolean() }),
  isRemoved: fc.boolean(),
  undone: fc.constantFrom(null, 0, 3),
  cards: fc.dictionary(
    fc.uuid(),
    fc.dictionary(id, fc.constantFrom('1', 'Red'), { minKeys: 1, maxKeys: 3 }),
    {
      maxKeys: 2,
    },
  ),
  installed: fc.uniqueArray(fc.uuid(), { maxLength: 2 }),
  receipts: fc.dictionary(
    fc.uuid(),
    fc.constantFrom(
      KeptReceipt.parse({
        ...{ receiptNo: '17', storeId: 'store-1', day: '2026-11-22', amountMinor: 950, note: '咖啡' },
        ...{ actorId: 'staff-1', wallMs: 1 },
      }),
    ),
    { maxKeys: 2 },
  ),
  checked: fc.uniqueArray(fc.uuid(), { maxLength: 2 }),
  takenBack: fc.dictionary(
    fc.uuid(),
    fc.constantFrom(TakenBack.parse({ reason: 'twice', actorId: 'staff-1', wallMs: 2 })),
    { maxKeys: 2 },
  ),
  unlisted: fc.nat(3),
  tier: fc.constantFrom(null, {
    ...{ tierId: 'gold', version: 2, since: '2026-11-22', until: null, spentMinor: 50_000 },
  }),
});

test('equal extras are one text, which every row may carry, and reading gives them back', () => {
  fc.assert(
    fc.property(extras, (value) => {
      const text = writeExtras(value);
      expect(ExtrasText.parse(text)).toBe(text);
      expect(writeExtras(readExtras(text))).toBe(text);
      expect(writeExtras({ ...value, tags: [...value.tags].reverse() })).toBe(text);
      const { tags, groups, custom } = readExtras(text);
      expect([tags, groups, { ...custom }]).toEqual([
        [...value.tags].sort(),
        [...value.groups].sort(),
        { ...value.custom },
      ]);
    }),
  );
});

test('nothing is the empty text', () => {
  expect(writeExtras(EMPTY_EXTRAS)).toBe('');
  expect(readExtras('')).toEqual(EMPTY_EXTRAS);
});

test.each([
  ['{}', 'an empty object is not canonical'],
  ['{"tags":["b","a"]}', 'not in order'],
  ['{"tags":["a","a"]}', 'twice'],
  ['{"tags":[]}', 'empty list'],
  ['{"custom":{"toString":"1"}}', 'a reserved name'],
  ['{"custom":{"__proto__":"1"}}', 'a reserved name'],
  ['{"custom":{"fax":""}}', 'an empty value'],
  ['{"verified":{"mobile":false}}', 'not canonical'],
  ['{"tags":["a\\u0007"]}', 'a control sign'],
  ['{"other":1}', 'unknown'],
  ['x', 'no JSON'],
])('%s is refused as the extras of a row (%s)', (text) => {
  expect(ExtrasText.safeParse(text).success).toBe(false);
});

test('what a lost value was, an edit can bring back', () => {
  for (const [key, value] of [
    ['tag:vip', true],
    ['group:staff', false],
    ['custom:fax', '1'],
    ['custom:fax', null],
    ['verified:mobile', true],
  ] as const) {
    expect(isExtraKey(key)).toBe(true);
    expect(ExtrasPatch.safeParse(patchOf(key, value)).success).toBe(true);
  }
  expect(patchOf('removed', true)).toBeNull();
  expect(isExtraKey('lastName')).toBe(false);
});

test('a document in place of a built-in attribute wins, and the order is that of the form', () => {
  const own = { ...attributesOf([])[0], attributeId: 'fax', order: 9, name: 'Telefax' };
  const names = attributesOf([own as ReturnType<typeof attributesOf>[number]]).map(({ name }) => name);
  expect(names).toEqual([
    ...['Identifier type', 'Identifier', 'Account transactions', 'Billing status', 'Telefax'],
    ...['Rating', 'Reviews', 'Device', 'UTM'],
  ]);
});

test.each([
  ['number', '12.5', true],
  ['number', '1e9', false],
  ['day', '2026-02-30', false],
  ['yes-no', 'yes', true],
  ['yes-no', 'TRUE', false],
  ['choice', 'b', false],
  ['text', 'anything', true],
] as const)('an attribute of type %s takes %s: %s', (type, value, isFitting) => {
  expect(fits({ attributeId: 'own', type, choices: ['a'], isSensitive: false }, value)).toBe(isFitting);
});

test('a masked value shows its last four signs, and nothing of a short one', () => {
  expect([maskCustom('S1234567D'), maskCustom('1234')]).toEqual(['••••567D', '••••']);
});

test.each(['\u0000', '\u0001', '\r', '\u001f', '\u007f', '\u2028'])(
  'a custom value has no sign that is not to be seen: %j',
  (sign) => {
    expect(CustomValue.safeParse(`one${sign}two`).success).toBe(false);
    expect(CustomValue.safeParse('one\n\ttwo').success).toBe(true);
  },
);

test('whatever is set, the text stays one that every till takes: what is too long for it is not taken', () => {
  let extras = EMPTY_EXTRAS;
  for (let at = 0; at < 200; at += 1) extras = withExtra(extras, `custom:c${at}`, '\u0001'.repeat(500));
  expect(Object.keys(extras.custom).length).toBeGreaterThan(100);
  expect(writeExtras(extras).length).toBeLessThanOrEqual(400_000);
  const removed = withExtra(extras, 'removed', true);
  expect(removed.isRemoved).toBe(true);
});
