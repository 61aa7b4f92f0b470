import { z } from 'zod';
import type { Attribute } from './attributes.ts';

/**
 * Columns of the list of members, by what can be asked of each. `choice`: a value out of a few; `choices`: several of
 * them at once. Own attributes of a chain are columns too: `custom:<id>`, of the kind that their type says.
 */
export const REGISTER_COLUMNS = {
  name: 'text',
  mobile: 'phone',
  phone: 'phone',
  createdAt: 'time',
  lastActivity: 'time',
  state: 'choice',
  tier: 'choice',
  groups: 'choices',
  cards: 'choices',
  tags: 'choices',
  /** Which of `mobile` and `email` a person or a message has confirmed. */
  verified: 'choices',
  gender: 'choice',
  store: 'choice',
  customerType: 'choice',
  consent: 'choice',
  transactions: 'number',
  dateOfBirth: 'day',
  email: 'text',
  lookupId: 'text',
  supportId: 'text',
  prefix: 'text',
  street1: 'text',
  street2: 'text',
  postalCode: 'text',
  city: 'text',
  region: 'text',
  country: 'text',
  notes: 'text',
  tierUntil: 'day',
} as const satisfies Record<string, ColumnKind>;

export type ColumnKind = 'text' | 'phone' | 'time' | 'day' | 'choice' | 'choices' | 'number';
export type BuiltInColumn = keyof typeof REGISTER_COLUMNS;
export const CUSTOM_PREFIX = 'custom:';
const COLUMN_ID = /^custom:[\w-]{1,40}$/;

export const isBuiltIn = (id: string): id is BuiltInColumn => Object.hasOwn(REGISTER_COLUMNS, id);
/** Of the chain's own columns, by column; one that is not there is `text`. */
export type ColumnKinds = Readonly<Record<string, ColumnKind>>;
export const kindOfColumn = (id: string, kinds: ColumnKinds): ColumnKind =>
  isBuiltIn(id) ? REGISTER_COLUMNS[id] : (kinds[id] ?? 'text');

const KIND_OF_TYPE: Record<Attribute['type'], ColumnKind> = {
  ...{ text: 'text', number: 'number', day: 'day', 'yes-no': 'choice', choice: 'choice' },
};
export const kindsOf = (attributes: readonly Pick<Attribute, 'attributeId' | 'type'>[]): ColumnKinds =>
  Object.fromEntries(
    attributes.map(({ attributeId, type }) => [`${CUSTOM_PREFIX}${attributeId}`, KIND_OF_TYPE[type]]),
  );

export const ColumnId = z
  .string()
  .max(60)
  .refine((id) => isBuiltIn(id) || COLUMN_ID.test(id), 'not a column of members');

const Text = z.string().trim().min(1).max(120);
const Values = z.array(z.string().max(120)).min(1).max(50);
const Bound = z.number().nullable();

/**
 * One thing asked of one column. Text and phones: part, start, end or all of it, without regard to case and accents.
 * `between` takes both bounds in: milliseconds for times, YYYYMMDD for days, else the number. `within`: in the last so many days, or not.
 */
export const RegisterCondition = z.discriminatedUnion('op', [
  z.strictObject({ column: ColumnId, op: z.enum(['contains', 'starts', 'ends', 'is']), text: Text }),
  z.strictObject({ column: ColumnId, op: z.enum(['empty', 'filled']) }),
  z.strictObject({ column: ColumnId, op: z.enum(['anyOf', 'noneOf']), values: Values }),
  z.strictObject({ column: ColumnId, op: z.literal('between'), from: Bound, to: Bound }),
  z.strictObject({ column: ColumnId, op: z.enum(['within', 'notWithin']), days: z.int().min(1).max(36_500) }),
  z.strictObject({ column: ColumnId, op: z.literal('inMonth'), month: z.int().min(1).max(12) }),
]);
export type RegisterCondition = z.infer<typeof RegisterCondition>;

const Match = z.enum(['all', 'any']);
export const RULES_MAX = 20;
const RuleGroup = z.strictObject({ match: Match, rules: z.array(RegisterCondition).min(1).max(RULES_MAX) });

/**
 * A layout without columns of the chain's own that `kinds` does not name, since they were retired; sorted by one of
 * these, it goes by name.
 */
export function knownLayout<Layout extends Readonly<{ columns: readonly string[]; sort: RegisterSort }>>(
  layout: Layout,
  kinds: ColumnKinds,
) {
  const isKnown = (column: string): boolean => isBuiltIn(column) || Object.hasOwn(kinds, column);
  const sort: RegisterSort = isKnown(layout.sort.column) ? layout.sort : { column: 'name', direction: 'up' };
  return { ...layout, columns: layout.columns.filter(isKnown), sort };
}

/** Conditions joined by and (`all`) or or (`any`), and groups of such. No rule at all: everybody. */
export const RegisterFilter = z.strictObject({
  match: Match,
  rules: z.array(z.union([RegisterCondition, RuleGroup])).max(RULES_MAX),
});
export type RegisterFilter = z.infer<typeof RegisterFilter>;
export const NO_FILTER: RegisterFilter = { match: 'all', rules: [] };

/** Empty values come last whichever way it is sorted; equal ones by name. */
export const RegisterSort = z.strictObject({ column: ColumnId, direction: z.enum(['up', 'down']) });
export type RegisterSort = z.infer<typeof RegisterSort>;

/** Whom a list shows: `search` is a part of name or number, or the start of an e-mail address or an id. */
export const RegisterChoice = z.strictObject({ filter: RegisterFilter, search: z.string().max(120) });
export type RegisterChoice = z.infer<typeof RegisterChoice>;

/** Nothing is asked: it is everybody. */
export const isForAll = ({ filter, search }: RegisterChoice): boolean =>
  filter.rules.length === 0 && search.trim() === '';

/** A choice under a name, for everybody at a desk of the chain (F67). */
export const SavedFilter = z.strictObject({
  filterId: z.string().min(1).max(80),
  version: z.int().min(1),
  name: z.string().trim().min(1).max(60),
  ...RegisterChoice.shape,
  isRetired: z.boolean().default(false),
});
export type SavedFilter = z.infer<typeof SavedFilter>;
