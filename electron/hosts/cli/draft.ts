import type { MemberDraft } from '../../contract/members.ts';
import { type Arguments, UsageError } from './arguments.ts';
import { type OptionForm, TEXT, textOf, TRUTH } from './command.ts';

/** The option of each field of a member's profile. */
const FIELD_OPTIONS: Record<keyof MemberDraft, string> = {
  lastName: 'last-name',
  firstName: 'first-name',
  prefix: 'prefix',
  gender: 'gender',
  dateOfBirth: 'dob',
  mobile: 'mobile',
  phone: 'phone',
  email: 'email',
  lookupId: 'lookup-id',
  customerType: 'customer-type',
  street1: 'street1',
  street2: 'street2',
  postalCode: 'postal-code',
  city: 'city',
  region: 'region',
  country: 'country',
  notes: 'notes',
  isCreditAllowed: 'is-credit-allowed',
  tier: 'tier',
  tierUntil: 'tier-until',
};
const CHOICES: Record<string, readonly string[]> = {
  gender: ['', 'female', 'male'],
  'customer-type': ['member', 'customer'],
};

export const draftOptions: Readonly<Record<string, OptionForm>> = {
  name: TEXT,
  ...Object.fromEntries(Object.values(FIELD_OPTIONS).map((option) => [option, TEXT])),
  'is-credit-allowed': TRUTH,
};

/**
 * Last and first name of a name in one piece. "Last, First" is taken at its word; two or three ideographs
 * are one sign of family name and the given name. Everything else stays whole as the last name: where a
 * name divides can not be known, and whole it is shown as it was typed and found by each of its words.
 */
export function splitName(text: string): { lastName: string; firstName: string } {
  const name = text.trim().replace(/\s+/g, ' ');
  const comma = name.indexOf(',');
  if (comma > 0) return { lastName: name.slice(0, comma).trim(), firstName: name.slice(comma + 1).trim() };
  if (/^\p{Script=Han}{2,3}$/u.test(name)) {
    const [lastName = '', ...rest] = name;
    return { lastName, firstName: rest.join('') };
  }
  return { lastName: name, firstName: '' };
}

/** Usage errors of a draft, found before the till is opened. */
export function checkDraft(args: Arguments): void {
  const hasParts = textOf(args, 'last-name') !== null || textOf(args, 'first-name') !== null;
  if (textOf(args, 'name') !== null && hasParts) {
    throw new UsageError('--name is the whole name: leave out --last-name and --first-name, or --name');
  }
  for (const [option, choices] of Object.entries(CHOICES)) {
    const text = textOf(args, option);
    if (text !== null && !choices.includes(text)) {
      throw new UsageError(`--${option} is ${choices.filter(Boolean).join(' or ')}`);
    }
  }
}

export function checkEdit(args: Arguments): void {
  checkDraft(args);
  if (Object.keys(args.values).length === 0)
    throw new UsageError('edit needs at least one field, as in --email VALUE');
}

/**
 * The fields that were given; an empty text empties a field. Whether they are right is for the core to say.
 */
export function toDraft(args: Arguments): MemberDraft {
  const name = textOf(args, 'name');
  const draft: Record<string, unknown> = name === null ? {} : { ...splitName(name) };
  for (const [field, option] of Object.entries(FIELD_OPTIONS)) {
    const value = args.values[option];
    if (value !== undefined) draft[field] = field === 'tierUntil' && value === '' ? null : value;
  }
  // Cast: keys and kinds come from the table above; the core parses it with the contract's schema.
  return draft as MemberDraft;
}
