import { columnsOf } from '../../columns.ts';
import { members } from '../schema/members.ts';
import type { FiledMember } from './key-forms.ts';

/** What the search keys are made of. */
export const KEY_PROPS = [
  'lastName',
  'firstName',
  'mobile',
  'phone',
  'email',
  'lookupId',
  'supportId',
  'extras',
] as const satisfies readonly (keyof FiledMember)[];

const others = columnsOf(members).props.filter((prop) => !(KEY_PROPS as readonly string[]).includes(prop));

/** The same as columns, for a SELECT. */
export const keySourceSelect = columnsOf(members, others).select;
