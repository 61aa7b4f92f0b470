import type { Attribute } from '../../../sync/model/attributes.ts';
import type { MemberField } from '../../../sync/model/member.ts';

/** What a column of a file holds, by the template's name. */
export type ColumnKind =
  | { kind: 'text' | 'birth' | 'expiry' | 'gender' | 'customerType' | 'email' | 'tier'; field: MemberField }
  | { kind: 'mobile' | 'phone'; field: 'mobile' | 'phone' }
  | { kind: 'truth'; field: 'isCreditAllowed' }
  | { kind: 'custom'; attribute: Pick<Attribute, 'attributeId' | 'type' | 'choices' | 'isSensitive'> }
  | { kind: 'fullName' | 'phoneCode' | 'lookupId' | 'cardNumber' | 'points' | 'credit' }
  | { kind: 'groups' | 'tags' | 'pdpa' | 'marketing' };

export interface Column {
  /** The template's header. */
  name: string;
  what: ColumnKind;
}

const text = (field: MemberField): ColumnKind => ({ kind: 'text', field });
const custom = (attributeId: string, type: Attribute['type'] = 'text'): ColumnKind => ({
  kind: 'custom',
  attribute: { attributeId, type, choices: [], isSensitive: false },
});

/** The template, in its order: 28 columns. The older one has 25 of them, without J, AA and AB. */
export const TEMPLATE: readonly Column[] = (
  [
    ['full_name', { kind: 'fullName' }],
    ['address_street_1', text('street1')],
    ['address_street_2', text('street2')],
    ['address_postal_code', text('postalCode')],
    ['address_city', text('city')],
    ['address_state', text('region')],
    ['address_country', text('country')],
    ['notes', text('notes')],
    ['email', { kind: 'email', field: 'email' }],
    ['phone_code', { kind: 'phoneCode' }],
    ['phone_number', { kind: 'phone', field: 'phone' }],
    ['identifier_value', custom('identifierValue')],
    ['identifier_type', custom('identifierType')],
    ['date_of_birth', { kind: 'birth', field: 'dateOfBirth' }],
    ['gender', { kind: 'gender', field: 'gender' }],
    ['prefix', text('prefix')],
    ['mobile_number', { kind: 'mobile', field: 'mobile' }],
    ['fax_number', custom('fax')],
    ['lookup_id', { kind: 'lookupId' }],
    ['membership_tier', { kind: 'tier', field: 'tier' }],
    ['membership_point', { kind: 'points' }],
    ['membership_expire_date', { kind: 'expiry', field: 'tierUntil' }],
    ['credit_balance', { kind: 'credit' }],
    ['customer_group_names', { kind: 'groups' }],
    ['allow_credit_transactions', { kind: 'truth', field: 'isCreditAllowed' }],
    ['allow_account_transactions', custom('accountAllowed', 'yes-no')],
    ['pdpa_consent', { kind: 'pdpa' }],
    ['marketing_materials_consent', { kind: 'marketing' }],
  ] satisfies [string, ColumnKind][]
).map(([name, what]) => ({ name, what }));

/** Understood beside the template: what names a card, tags, and the parts of a name as an export has them. */
const BESIDE: readonly Column[] = (
  [
    ['card_number', { kind: 'cardNumber' }],
    ['tags', { kind: 'tags' }],
    ['last_name', text('lastName')],
    ['first_name', text('firstName')],
    ['customer_type', { kind: 'customerType', field: 'customerType' }],
  ] satisfies [string, ColumnKind][]
).map(([name, what]) => ({ name, what }));

/** Other words for the same, as they stand in older templates and in what people type. */
const ALIASES: Readonly<Record<string, string>> = {
  membership_expiry_date: 'membership_expire_date',
  membership_expiry: 'membership_expire_date',
  membership_points: 'membership_point',
  customer_group_name: 'customer_group_names',
  groups: 'customer_group_names',
  name: 'full_name',
  e_mail: 'email',
  email_address: 'email',
  mobile: 'mobile_number',
  mobile_no: 'mobile_number',
  mobile_phone: 'mobile_number',
  phone: 'phone_number',
  fax: 'fax_number',
  birthday: 'date_of_birth',
  dob: 'date_of_birth',
  postal_code: 'address_postal_code',
  tier: 'membership_tier',
  tag: 'tags',
  card: 'card_number',
  lookupid: 'lookup_id',
};

/** Capitals, spaces, stars, and how words are joined do not matter. */
const toKey = (header: string): string =>
  header
    .normalize('NFKC')
    .replace(/^'/, '')
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .replace(/[\s_\-.*:]+/g, '_')
    .replace(/^_+|_+$/g, '');

/** The columns that a file of this chain may have, with its own attributes behind the template. */
export function columnsFor(attributes: readonly Attribute[]): Column[] {
  const made = new Map(attributes.map((attribute) => [attribute.attributeId, attribute]));
  const taken = new Set<string>();
  const known = [...TEMPLATE, ...BESIDE].map((column): Column => {
    if (column.what.kind !== 'custom') return column;
    const { attributeId } = column.what.attribute;
    taken.add(attributeId);
    // What the chain has made of it counts: a list of its own to choose from (D14).
    const attribute = made.get(attributeId);
    return attribute === undefined ? column : { ...column, what: { kind: 'custom', attribute } };
  });
  const own = attributes
    .filter(({ attributeId, isRetired }) => !isRetired && !taken.has(attributeId))
    .map((attribute): Column => ({ name: attribute.attributeId, what: { kind: 'custom', attribute } }));
  return [...known, ...own];
}

/** The column that a header names, whatever its place; undefined for one that says nothing to us. */
export function toColumn(
  header: string,
  columns: readonly Column[],
  attributes: readonly Attribute[],
): Column | undefined {
  const key = toKey(header);
  if (key === '') return undefined;
  const name = ALIASES[key] ?? key;
  const attribute = attributes.find((each) =>
    [each.name, each.nameZh].some((word) => word !== '' && toKey(word) === key),
  );
  return (
    columns.find((column) => toKey(column.name) === name) ??
    columns.find(({ name: own }) => own === attribute?.attributeId)
  );
}
