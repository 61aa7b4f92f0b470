import type { MemberDraft } from '../../electron/contract/members.ts';
import type { MemberView } from '../../electron/contract/views.ts';
import { isPersonal } from '../../sync/model/personal.ts';
import { parseBirthday } from './parse.ts';
import type { Words } from './words.ts';

/** What a till asks for when somebody joins; the rest is folded away there. */
const MAIN_FIELDS = ['lastName', 'firstName', 'mobile', 'email', 'dateOfBirth'] as const;
export const MORE_FIELDS = [
  'prefix',
  'phone',
  'lookupId',
  'street1',
  'street2',
  'postalCode',
  'city',
  'region',
  'country',
  'notes',
] as const;
/** Every text of a member's profile, in the order in which forms show them. */
export const PROFILE_FIELDS = [...MAIN_FIELDS, ...MORE_FIELDS] as const;
export type ProfileField = (typeof PROFILE_FIELDS)[number];

/** A text of her profile as this person sees it: a mask where she does not see it whole. */
export const profileText = (
  { fields, masked }: Pick<MemberView, 'fields' | 'masked'>,
  field: ProfileField | 'tier' | 'tierUntil',
): string => (isPersonal(field) ? masked[field] : undefined) ?? fields[field] ?? '';

export type CustomerType = NonNullable<MemberDraft['customerType']>;
export type Gender = NonNullable<MemberDraft['gender']>;
const GENDERS: readonly Gender[] = ['', 'female', 'male'];
export const genderOptions = ({ t }: Pick<Words, 't'>) =>
  GENDERS.map((value) => ({ value, label: t(`gender.${value === '' ? 'unsaid' : value}`) }));

const NULLABLE: ReadonlySet<string> = new Set(['mobile', 'phone', 'email', 'dateOfBirth', 'tierUntil']);

/** Signs that a text of the profile may have, where that is few enough to be met by typing. */
const SIGNS_MAX: Readonly<Partial<Record<string, number>>> = { prefix: 10 };
export function signsOf(field: string): { maxLength?: number } {
  const maxLength = SIGNS_MAX[field];
  return maxLength === undefined ? {} : { maxLength };
}

const CUSTOMER_TYPES = ['member', 'customer'] as const;
export const customerTypeOptions = ({ t }: Pick<Words, 't'>) =>
  CUSTOMER_TYPES.map((value) => ({ value, label: t(`directory.value.customerType.${value}`) }));

/**
 * A field as the core wants it: null for an emptied one of those that may have none. A day that is none goes as typed,
 * so that the core refuses it rather than losing it.
 */
export function toFieldValue(field: string, typed: string, today: string): string | null {
  const text = typed.trim();
  if (text === '' && NULLABLE.has(field)) return null;
  return field === 'dateOfBirth' ? (parseBirthday(text, today) ?? text) : text;
}
