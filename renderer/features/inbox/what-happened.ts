import type { InboxItem } from '../../../electron/contract/inbox.ts';
import { PROFILE_FIELDS } from '../../lib/member-fields.ts';
import { opName } from '../../lib/op-name.ts';
import type { Words } from '../../lib/words.ts';
import type { MemberField } from '../../../sync/model/member.ts';

/** Fields of a profile that have a name on this till; a further one is named as the centre calls it. */
const NAMED = [
  ...PROFILE_FIELDS,
  'gender',
  'customerType',
  'tier',
  'tierUntil',
] as const satisfies readonly MemberField[];

type NamedField = (typeof NAMED)[number];
const isNamed = (field: string): field is NamedField => (NAMED as readonly string[]).includes(field);

/** Tags, groups and a chain's own fields are fields of their own, `tag:VIP`. */
const EXTRA = /^(tag|group|custom|verified):(.+)$/;
function extraName({ t }: Pick<Words, 't'>, field: string): string | null {
  if (field === 'removed') return t('inbox.extra.removed');
  if (field.startsWith('installed:')) return t('inbox.extra.installed');
  if (field.startsWith('checked:')) return t('inbox.extra.checked');
  // A value of a card: of which one is told by the member's page.
  if (field.startsWith('card:')) return t('inbox.extra.card', { name: field.split(':')[2] ?? '' });
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
    case 'own_card':
      return watched(words, item, detail);
    case 'inactive_member':
      return plain({
        ...{ name: nameIn(item), count: detail.months },
        day: formats.date(detail.lastAtMs),
      });
    case 'hand_limit':
      return byHand(words, item, detail);
    case 'webhook_dead': {
      const { title, what } = plain({
        key: detail.keyName,
        host: detail.host,
        since: formats.moment(detail.failingSinceMs),
      });
      return { title, what: `${what} ${t(`inbox.problem.${problemOf(detail.problem)}`)}` };
    }
    case 'books_differ':
      return plain({ count: formats.number(detail.count), problem: t(`inbox.books.${detail.problem}`) });
    case 'other_rule':
      return plain({
        type: words.named(detail.cardType, detail.cardTypeZh),
        version: formats.number(detail.version),
        till: placeText(words, place),
        action: opName(words, detail.opKind),
        units: unit === null ? formats.number(detail.units) : units(detail.units, unit),
      });
    case 'shared_mobile':
    case 'shared_lookup_id':
    case 'late_edit':
    case 'till_forked':
    case 'erased':
      return plain();
  }
}

type ByHand = Extract<InboxItem['detail'], { kind: 'hand_limit' }>;

/** Who gave more than her role may, and who is to look. */
function byHand({ t, formats, units }: Words, { actor }: InboxItem, detail: ByHand): Story {
  const { points, limit, businessDay, actorId } = detail;
  const values = {
    ...{ actor: actor?.name ?? actorId, day: formats.day(businessDay) },
    ...{ points: units(points, 'points'), limit: formats.number(limit) },
  };
  const what = t('inbox.kind.hand_limit.what', values);
  const self = actor?.isYou === true ? ` ${t('inbox.ownCardSelf')}` : '';
  return { title: t('inbox.kind.hand_limit.title', values), what: what + self };
}

type Watched = Extract<InboxItem['detail'], { kind: 'own_card' }>;

/** What the watch saw, why that is worth a look, and who is to look. */
function watched({ t, formats, units }: Words, item: InboxItem, detail: Watched): Story {
  const { reason, entries, businessDay } = detail;
  const member = nameIn(item);
  const actor = item.actor?.name ?? detail.actorId;
  const moved = item.unit === null ? formats.number(detail.units) : units(detail.units, item.unit);
  const saw = t(`close.watch.${reason}`, { actor, member, count: entries, units: moved });
  const day = t('inbox.kind.own_card.what', { day: formats.day(businessDay) });
  const who = item.actor?.isYou === true ? ` ${t('inbox.ownCardSelf')}` : '';
  return { title: t('inbox.kind.own_card.title', { actor }), what: `${saw}. ${day}${who}` };
}

const PROBLEMS = ['epoch_changed', 'maker_gone', 'status_410'] as const;
const problemOf = (problem: string): (typeof PROBLEMS)[number] | 'failing' =>
  PROBLEMS.find((known) => known === problem) ?? 'failing';

const STATES = ['locked', 'blocked', 'anonymised', 'removed'] as const;
const barredState = (state: string): (typeof STATES)[number] =>
  STATES.find((known) => known === state) ?? 'blocked';
