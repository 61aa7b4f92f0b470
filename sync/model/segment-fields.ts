import type { Attribute } from './attributes.ts';
import type { ConditionTest } from './segment.ts';

/**
 * What a field's values are. `choice` and `text`: one word; `flag`: `yes` or `no`; `set`: several words; `number`:
 * an integer; `money`: minor units; `day`: days since 1970; `birthday`: year, month and day as one number.
 */
export type FieldType =
  | ('choice' | 'text' | 'flag' | 'set' | 'number' | 'money' | 'day' | 'birthday' | 'age')
  /** Of the chain's own: a word, that may be a number in digits or a day as YYYY-MM-DD. */
  | 'own';

/** Every field that a condition may name, but for `custom.ID` and `balance.CARD_TYPE`. */
export const SEGMENT_FIELDS = {
  rfm: 'choice',
  recency: 'number',
  frequency: 'number',
  money: 'number',
  lastActive: 'day',
  purchases: 'number',
  spent: 'money',
  created: 'day',
  tags: 'set',
  verified: 'set',
  groups: 'set',
  cardTypes: 'set',
  tier: 'choice',
  state: 'choice',
  store: 'choice',
  gender: 'choice',
  customerType: 'choice',
  marketing: 'flag',
  creditAllowed: 'flag',
  age: 'age',
  birthday: 'birthday',
  email: 'flag',
  mobile: 'flag',
  city: 'text',
  region: 'text',
  country: 'text',
  postalCode: 'text',
} as const satisfies Record<string, FieldType>;
export type SegmentField = keyof typeof SEGMENT_FIELDS;

const TESTS: Record<FieldType, readonly ConditionTest[]> = {
  choice: ['oneOf', 'noneOf', 'known', 'unknown'],
  text: ['oneOf', 'noneOf', 'startsWith', 'known', 'unknown'],
  flag: ['oneOf'],
  set: ['oneOf', 'allOf', 'noneOf', 'known', 'unknown'],
  number: ['atLeast', 'atMost'],
  money: ['atLeast', 'atMost'],
  age: ['atLeast', 'atMost'],
  day: ['withinDays', 'olderThanDays', 'from', 'to', 'known', 'unknown'],
  birthday: ['comingDays', 'known', 'unknown'],
  own: [
    ...(['oneOf', 'noneOf', 'startsWith', 'known', 'unknown', 'atLeast', 'atMost'] as const),
    ...(['withinDays', 'olderThanDays', 'from', 'to'] as const),
  ],
};

/** Type of a field by its name; undefined for a name that nothing is known of. */
export function fieldType(field: string): FieldType | undefined {
  if (field.startsWith('custom.')) return 'own';
  if (field.startsWith('balance.')) return 'number';
  // Own keys only: `constructor` is no field.
  return Object.hasOwn(SEGMENT_FIELDS, field) ? SEGMENT_FIELDS[field as SegmentField] : undefined;
}

const OWN_TESTS: Record<Attribute['type'], readonly ConditionTest[]> = {
  text: TESTS.text,
  choice: TESTS.choice,
  'yes-no': TESTS.choice,
  number: [...TESTS.number, 'known', 'unknown'],
  day: TESTS.day,
};
/** Of a field of the chain's own the tests that make sense for its type, the usual one first. */
export const testsOfOwn = (type: Attribute['type']): readonly ConditionTest[] => OWN_TESTS[type];

/** Tests that make sense for a field, the usual one first. */
export const testsOf = (field: string): readonly ConditionTest[] => {
  const type = fieldType(field);
  return type === undefined ? [] : TESTS[type];
};
