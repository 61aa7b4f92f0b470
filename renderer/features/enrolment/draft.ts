import type { MemberDraft } from '../../../electron/contract/members.ts';
import { PROFILE_FIELDS, toFieldValue, type ProfileField } from '../../lib/member-fields.ts';
import { parseBirthday } from '../../lib/parse.ts';

/** The form as typed: every field a text. */
export type DraftTexts = Readonly<Record<ProfileField, string>>;

// Cast: every field of the list is made here.
export const EMPTY_TEXTS = Object.fromEntries(PROFILE_FIELDS.map((field) => [field, ''])) as DraftTexts;

/** Nothing was typed into it yet: it is nobody's unfinished work. */
export const isEmptyDraft = (texts: DraftTexts): boolean =>
  PROFILE_FIELDS.every((field) => texts[field].trim() === '');

/** What the core gets. No look-up ID means that it gives one. */
export function toDraft(texts: DraftTexts, today: string): MemberDraft {
  const sent = PROFILE_FIELDS.filter((field) => field !== 'lookupId' || texts.lookupId.trim() !== '');
  return Object.fromEntries(sent.map((field) => [field, toFieldValue(field, texts[field], today)]));
}

/** As people say it, for a line about somebody who is no member yet. */
export const nameOf = ({ lastName, firstName }: DraftTexts): string =>
  [lastName.trim(), firstName.trim()].filter((part) => part !== '').join(' ');

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
