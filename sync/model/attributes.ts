import { z } from 'zod';
import { isRealDay } from '../base/business-day.ts';
import { CustomValue, ExtraId } from './extras.ts';

/** A column of the chain's own beside the profile (F23, F24): what the office sets up as a document. */
export const Attribute = z.strictObject({
  attributeId: ExtraId,
  version: z.int().min(1),
  name: z.string().trim().min(1).max(60),
  nameZh: z.string().trim().max(60).default(''),
  type: z.enum(['text', 'number', 'day', 'yes-no', 'choice']).default('text'),
  /** Of a choice: what may be chosen. */
  choices: z.array(CustomValue).max(50).default([]),
  /** Shown masked, and set by a supervisor only. */
  isSensitive: z.boolean().default(false),
  /** What carries it, each card (F40) or, where it is left out, each member. */
  of: z.enum(['member', 'card']).optional(),
  /** Asked for at enrolment. */
  isAtEnrolment: z.boolean().default(false),
  isRetired: z.boolean().default(false),
  order: z.int().min(0).max(10_000).default(100),
});
export type Attribute = z.infer<typeof Attribute>;

const builtIn = (attributeId: string, order: number, rest: Partial<Attribute>): Attribute => ({
  ...{ attributeId, version: 1, name: attributeId, nameZh: '', type: 'text', choices: [] },
  ...{ isSensitive: false, isAtEnrolment: false, isRetired: false, order },
  ...rest,
});

/**
 * There without a document: columns of the import that the profile does not have, and what other systems know of a
 * member (F22, F27, F126).
 */
export const BUILT_IN_ATTRIBUTES: readonly Attribute[] = [
  builtIn('fax', 1, { name: 'Fax', nameZh: '传真' }),
  builtIn('identifierType', 2, { name: 'Identifier type', nameZh: '证件类型' }),
  builtIn('identifierValue', 3, { name: 'Identifier', nameZh: '证件号码', isSensitive: true }),
  builtIn('accountAllowed', 4, { name: 'Account transactions', nameZh: '赊账交易', type: 'yes-no' }),
  builtIn('billingStatus', 5, { name: 'Billing status', nameZh: '账单状态' }),
  builtIn('rating', 901, { name: 'Rating', nameZh: '评分', type: 'number' }),
  builtIn('reviews', 902, { name: 'Reviews', nameZh: '评价数', type: 'number' }),
  builtIn('device', 903, { name: 'Device', nameZh: '设备' }),
  builtIn('utm', 904, { name: 'UTM', nameZh: 'UTM 来源' }),
];

/** What nobody at a till can know: another system tells the centre, or a file brings it. */
const FED: ReadonlySet<string> = new Set(['rating', 'reviews', 'device', 'utm']);
export const isFed = (attributeId: string): boolean => FED.has(attributeId);

/** Whether somebody may owe now and settle later is a supervisor's word, like credit. */
const SUPERVISOR_ONLY: ReadonlySet<string> = new Set(['identifierValue', 'accountAllowed']);
export const isBuiltInGuarded = (attributeId: string): boolean => SUPERVISOR_ONLY.has(attributeId);

/** Built-ins and the chain's own in the order of a form; a document of a built-in's id stands in its place. */
export function attributesOf(documents: readonly Attribute[]): Attribute[] {
  const all = new Map([...BUILT_IN_ATTRIBUTES, ...documents].map((each) => [each.attributeId, each]));
  return [...all.values()].sort(
    (left, right) => left.order - right.order || (left.attributeId < right.attributeId ? -1 : 1),
  );
}

const NUMBER = /^-?\d{1,15}(\.\d{1,6})?$/;
/** What a value of a number attribute counts for; NaN for a text that is no number. */
export const toNumber = (value: string): number => (NUMBER.test(value) ? Number(value) : Number.NaN);

export const RATING_MIN = 1;
export const RATING_MAX = 5;
/** One member's; a chain's sum stays a safe whole number. */
export const REVIEWS_MAX = 1_000_000;
export const isRating = (value: number): boolean => value >= RATING_MIN && value <= RATING_MAX;
export const isReviews = (value: number): boolean =>
  Number.isInteger(value) && value >= 0 && value <= REVIEWS_MAX;

/** Numbers that figures of the whole chain are made of: one odd value would spoil those of everybody. */
function isInBounds(attributeId: string, value: string): boolean {
  if (attributeId === 'rating') return isRating(toNumber(value));
  return attributeId !== 'reviews' || isReviews(toNumber(value));
}

const MASK = '••••';
/** True for what is shown instead of a sensitive value: written back it would take the place of the real one. */
export const isMaskOf = (
  { attributeId, isSensitive }: Pick<Attribute, 'attributeId' | 'isSensitive'>,
  value: string,
): boolean => (isSensitive || isBuiltInGuarded(attributeId)) && value.startsWith(MASK);

type Typed = Pick<Attribute, 'attributeId' | 'type' | 'choices' | 'isSensitive'>;

/**
 * True when the text is a value of the attribute: of its type and no mask; a rating is 1 to 5, and reviews are a whole
 * number.
 */
export function fits(attribute: Typed, value: string): boolean {
  const { attributeId, type, choices } = attribute;
  if (!CustomValue.safeParse(value).success || isMaskOf(attribute, value)) return false;
  if (type === 'number') return NUMBER.test(value) && isInBounds(attributeId, value);
  if (type === 'day') return isRealDay(value);
  if (type === 'yes-no') return value === 'yes' || value === 'no';
  return type === 'text' || choices.includes(value);
}

/** As it is shown where it is sensitive: its last four signs. */
export const maskCustom = (value: string): string =>
  value.length <= 4 ? MASK : `${MASK}${[...value].slice(-4).join('')}`;
