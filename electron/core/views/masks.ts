import { maskPhone } from '../../../sync/base/phone.ts';
import type { MemberFields } from '../../../sync/model/member.ts';
import { PersonalField } from '../../../sync/model/personal.ts';

const HIDDEN = '••••';

/** `m•••@e•••.com`: enough to recognise, not enough to write to. */
function maskEmail(email: string): string {
  const at = email.lastIndexOf('@');
  const dot = email.lastIndexOf('.');
  if (at < 1 || dot < at) return HIDDEN;
  return `${[...email][0] ?? ''}•••@${email.charAt(at + 1)}•••${email.slice(dot)}`;
}

/** What is shown in place of a value that the role does not need whole. */
export function maskPersonal(field: PersonalField, value: string): string {
  if (field === 'mobile' || field === 'phone') return maskPhone(value);
  return field === 'email' ? maskEmail(value) : HIDDEN;
}

export type Masked = Partial<Record<PersonalField, string>>;

/** A profile without what is personal in it, and what is shown in its place: nothing where there is none. */
export function withMasks(fields: MemberFields): { fields: MemberFields; masked: Masked } {
  const masked: Masked = {};
  for (const field of PersonalField.options) {
    const value = fields[field] ?? '';
    if (value !== '') masked[field] = maskPersonal(field, value);
  }
  const none = { mobile: null, phone: null, email: null, dateOfBirth: null };
  return { fields: { ...fields, ...none, street1: '', street2: '', postalCode: '' }, masked };
}
