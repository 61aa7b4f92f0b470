import { splitName } from '../../../sync/base/full-name.ts';
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
