import type { MemberDraft } from '../../../electron/contract/members.ts';
import { parseBirthday } from '../../lib/parse.ts';

/** The form as typed: every field a text. */
export const TEXT_FIELDS = [
  'lastName',
  'firstName',
  'mobile',
  'email',
  'dateOfBirth',
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
export type TextField = (typeof TEXT_FIELDS)[number];
export type DraftTexts = Readonly<Record<TextField, string>>;
export type Gender = NonNullable<MemberDraft['gender']>;

export const EMPTY_TEXTS: DraftTexts = {
  lastName: '',
  firstName: '',
  mobile: '',
  email: '',
  dateOfBirth: '',
  phone: '',
  lookupId: '',
  street1: '',
  street2: '',
  postalCode: '',
  city: '',
  region: '',
  country: '',
  notes: '',
};

const orNull = (text: string): string | null => (text.trim() === '' ? null : text.trim());

/** What the core gets. A day that is none goes as typed, so that the core refuses it rather than losing it. */
export function toDraft(texts: DraftTexts, today: string): MemberDraft {
  const { mobile, phone, email, dateOfBirth, lookupId, ...plain } = texts;
  return {
    ...plain,
    mobile: orNull(mobile),
    phone: orNull(phone),
    email: orNull(email),
    dateOfBirth: parseBirthday(dateOfBirth, today) ?? orNull(dateOfBirth),
    ...(lookupId.trim() !== '' && { lookupId: lookupId.trim() }),
  };
}

export type DraftProblem = 'name' | 'mobile' | 'email' | 'dateOfBirth';

/** What stands in the way of Join, surest first. The core knows phones and duplicates better and has the last word. */
export function problemsOf(texts: DraftTexts, today: string): DraftProblem[] {
  const problems: DraftProblem[] = [];
  if (texts.lastName.trim() === '' && texts.firstName.trim() === '') problems.push('name');
  if (texts.mobile.replace(/\D/g, '').length < 6) problems.push('mobile');
  if (texts.email.trim() !== '' && !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(texts.email.trim()))
    problems.push('email');
  if (texts.dateOfBirth.trim() !== '' && parseBirthday(texts.dateOfBirth, today) === null)
    problems.push('dateOfBirth');
  return problems;
}
