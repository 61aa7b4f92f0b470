import type { MemberDraft } from '../../../electron/contract/members.ts';
import type { MemberView } from '../../../electron/contract/views.ts';

type Fields = MemberView['fields'];

/** What is chosen as one: a name, an address and a tier with its last day are of no use in halves. */
const PARTS = {
  name: ['lastName', 'firstName'],
  prefix: ['prefix'],
  gender: ['gender'],
  dateOfBirth: ['dateOfBirth'],
  mobile: ['mobile'],
  phone: ['phone'],
  email: ['email'],
  lookupId: ['lookupId'],
  customerType: ['customerType'],
  address: ['street1', 'street2', 'postalCode', 'city', 'region', 'country'],
  notes: ['notes'],
  isCreditAllowed: ['isCreditAllowed'],
  tier: ['tier', 'tierUntil'],
} as const satisfies Readonly<Record<string, readonly (keyof Fields)[]>>;
export type MergePart = keyof typeof PARTS;
export const MERGE_PARTS = Object.keys(PARTS) as MergePart[];

const isSame = (one: Fields, other: Fields, part: MergePart): boolean =>
  PARTS[part].every((field) => (one[field] ?? '') === (other[field] ?? ''));
const isEmpty = (fields: Fields, part: MergePart): boolean =>
  PARTS[part].every((field) => fields[field] === null || fields[field] === '' || fields[field] === false);

/** What the two do not agree in, in the order of a form. */
export const differingParts = (one: Fields, other: Fields): readonly MergePart[] =>
  MERGE_PARTS.filter((part) => !isSame(one, other, part));

/** Whose value stays where nobody has said so: that of the profile that stays, unless it has none. */
export function isTakenByItself(part: MergePart, stays: Fields, goes: Fields): boolean {
  // A right is given by a person and by nothing else.
  return part !== 'isCreditAllowed' && isEmpty(stays, part) && !isEmpty(goes, part);
}

/** The values of `goes` that the profile that stays is given. */
export const draftFrom = (goes: Fields, parts: readonly MergePart[]): MemberDraft =>
  Object.fromEntries(parts.flatMap((part) => PARTS[part].map((field) => [field, goes[field]])));

/** The values of a part, none of them empty. */
export const textsOf = (fields: Fields, part: MergePart): readonly string[] =>
  PARTS[part].map((field) => String(fields[field] ?? '')).filter((text) => text !== '');
