import type { InboxItem } from '../../../electron/contract/inbox.ts';
import type { Words } from '../../lib/words.ts';
import type { MemberField } from '../../../sync/model/member.ts';

/** Fields of a profile that have a name on this till; a further one is named as the centre calls it. */
const NAMED = [
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
  'gender',
  'tier',
] as const satisfies readonly MemberField[];

type NamedField = (typeof NAMED)[number];
const isNamed = (field: string): field is NamedField => (NAMED as readonly string[]).includes(field);

/** Tags, groups and a chain's own fields are fields of their own, `tag:VIP`. */
const EXTRA = /^(tag|group|custom|verified):(.+)$/;
function extraName({ t }: Pick<Words, 't'>, field: string): string | null {
  if (field === 'removed') return t('inbox.extra.removed');
  const [, kind, name = ''] = EXTRA.exec(field) ?? [];
  if (kind === 'tag' || kind === 'group' || kind === 'custom') return t(`inbox.extra.${kind}`, { name });
  if (kind !== 'verified') return null;
  return t('inbox.extra.verified', { name: name === 'email' ? t('field.email') : t('field.mobile') });
}

export const fieldName = (words: Pick<Words, 't'>, field: string): string =>
  isNamed(field) ? words.t(`field.${field}`) : (extraName(words, field) ?? field);

/** One value of a conflict, for people; an empty one has a word. */
export function valueText({ t }: Pick<Words, 't'>, value: string | boolean | null): string {
  if (typeof value === 'boolean') return t(value ? 'inbox.yes' : 'inbox.no');
  return value === null || value === '' ? t('inbox.none') : value;
}

export const nameIn = ({ people }: InboxItem): string => people[0]?.name ?? '';

/** Till and store, as far as they are known. */
export function placeText(
  { t }: Pick<Words, 't'>,
  { name, storeName, isOwn, tillId }: InboxItem['place'],
): string {
  const till = isOwn ? t('inbox.thisTill') : name === '' ? tillId : name;
  return storeName === '' ? till : `${till} · ${storeName}`;
}

interface Story {
  /** One line for the list. */
  readonly title: string;
  /** What happened and why, in a sentence or two. */
  readonly what: string;
}

/** What an item says in words; the kinds without anything to fill in have theirs in the catalogue. */
export function storyOf(words: Words, item: InboxItem): Story {
  const { t, formats, units } = words;
  const { detail, unit, place } = item;
  const plain = (values: Record<string, string | number> = {}): Story => ({
    title: t(`inbox.kind.${detail.kind}.title`, values),
    what: t(`inbox.kind.${detail.kind}.what`, values),
  });
  switch (detail.kind) {
    case 'held_op':
      return plain({ reason: t(`held.${detail.reason}`) });
    case 'field_conflict': {
      const { title, what } = plain({ field: fieldName(words, detail.field), name: nameIn(item) });
      return { title, what: `${what} ${t(`inbox.rule.${detail.rule}`)}` };
    }
    case 'card_bound_twice':
      return plain({ card: detail.cardNumber.slice(-4), other: detail.other.cardNumber.slice(-4) });
    case 'barred_member':
      return plain({ state: t(`inbox.state.${barredState(detail.state)}`), name: nameIn(item) });
    case 'overdrawn':
      return plain({
        name: nameIn(item),
        balance: unit === null ? formats.number(detail.balance) : units(detail.balance, unit),
      });
    case 'clock_ahead':
      return plain({ span: formats.span(detail.aheadMs), till: placeText(words, place) });
    case 'ops_rescued':
      return plain({ booked: formats.number(detail.booked), kept: formats.number(detail.kept) });
    case 'day_differs':
      return plain({
        day: formats.day(detail.businessDay),
        number: formats.number(detail.differenceCount),
        till: placeText(words, place),
      });
    case 'shared_mobile':
    case 'shared_lookup_id':
    case 'late_edit':
    case 'till_forked':
    case 'erased':
      return plain();
  }
}

const STATES = ['locked', 'blocked', 'anonymised', 'removed'] as const;
const barredState = (state: string): (typeof STATES)[number] =>
  STATES.find((known) => known === state) ?? 'blocked';
