import { isRealDay } from '../../sync/base/business-day.ts';
import { toE164 } from '../../sync/base/phone.ts';
import { emailKey } from '../../sync/base/search-key.ts';
import { MemberFields } from '../../sync/model/member.ts';
import { isPersonal, isPersonalMask } from '../../sync/model/personal.ts';
import { AppError } from '../contract/errors.ts';
import type { MemberDraft } from '../contract/members.ts';

const OLDEST_BIRTH_YEAR = 1900;

/**
 * A date of birth in the notations people type: `YYYY-MM-DD`, `DD/MM/YYYY`, `DD/MM/YY` (nobody is born in the
 * future, D2).
 */
export function toBirthDay(text: string, today: string): string {
  const parts = /^(\d{1,2})[/.-](\d{1,2})[/.-](\d{2}|\d{4})$/.exec(text.trim());
  let day = text.trim();
  if (parts !== null) {
    const [, date = '', month = '', typedYear = ''] = parts;
    const century = Math.floor(Number(today.slice(0, 4)) / 100) * 100;
    const year = typedYear.length === 4 ? Number(typedYear) : century + Number(typedYear);
    const written = (value: number) => `${value}-${month.padStart(2, '0')}-${date.padStart(2, '0')}`;
    day = typedYear.length === 2 && written(year) > today ? written(year - 100) : written(year);
  }
  if (!isRealDay(day) || day > today || Number(day.slice(0, 4)) < OLDEST_BIRTH_YEAR) {
    throw new AppError(
      'bad_request',
      'That date of birth is not a day of the calendar. Nothing was saved; type it as DD/MM/YYYY.',
    );
  }
  return day;
}

function toPhone(text: string, country: string): string {
  const e164 = toE164(text, country);
  if (e164 === null) {
    throw new AppError(
      'bad_request',
      'That phone number has too few or too many digits. Nothing was saved; check it with the member.',
    );
  }
  return e164;
}

const isBlank = (text: string | null | undefined): boolean =>
  text === null || text === undefined || text.trim() === '';

/** @throws AppError `bad_request` Written back, a mask would take the place of the value that it stands for. */
function assertNoMask(draft: MemberDraft): void {
  for (const [field, text] of Object.entries(draft)) {
    if (!isPersonal(field) || typeof text !== 'string' || !isPersonalMask(text)) continue;
    throw new AppError(
      'bad_request',
      `The field "${field}" holds what is shown in part. Nothing was saved; leave it as it was, or type all of a new one.`,
    );
  }
}

/**
 * What a form sent, normalised: phones as E.164, dates as days, blanks as none.
 *
 * @throws AppError `bad_request` with words for the person; nothing is saved then.
 */
export function toFields(draft: MemberDraft, country: string, today: string): Partial<MemberFields> {
  assertNoMask(draft);
  const fields: Record<string, unknown> = {};
  for (const [field, value] of Object.entries(draft)) if (value !== undefined) fields[field] = value;
  if (draft.mobile !== undefined)
    fields['mobile'] = isBlank(draft.mobile) ? null : toPhone(draft.mobile ?? '', country);
  if (draft.phone !== undefined)
    fields['phone'] = isBlank(draft.phone) ? null : toPhone(draft.phone ?? '', country);
  if (draft.email !== undefined) fields['email'] = isBlank(draft.email) ? null : emailKey(draft.email ?? '');
  if (draft.dateOfBirth !== undefined) {
    fields['dateOfBirth'] = isBlank(draft.dateOfBirth) ? null : toBirthDay(draft.dateOfBirth ?? '', today);
  }
  if (isBlank(draft.lookupId)) delete fields['lookupId'];
  const parsed = MemberFields.partial().safeParse(fields);
  if (!parsed.success) {
    const where = parsed.error.issues[0]?.path.join('.') ?? 'a field';
    throw new AppError(
      'bad_request',
      `The field "${where}" can not be read. Nothing was saved; correct it and try again.`,
    );
  }
  // Cast: no member of `fields` is undefined, so none of the parsed ones is.
  return parsed.data as Partial<MemberFields>;
}

/** True when `whole` has every field of `part`, each with the same value. */
export const holdsAll = (
  whole: Readonly<Record<string, unknown>>,
  part: Readonly<Record<string, unknown>>,
): boolean => Object.entries(part).every(([field, value]) => whole[field] === value);
