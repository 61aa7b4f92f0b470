import type { CardRow } from '../../../sync/model/card.ts';
import { readExtras } from '../../../sync/model/extras.ts';
import { CardRules, type CardKind, type CardType } from '../../../sync/model/chain.ts';
import { isUnlimited } from '../../../sync/programmes/unlimited.ts';
import type { MemberRow } from '../../../sync/model/member.ts';
import type { Balance, CardAction, CardView } from '../../contract/views.ts';
import type { Laid } from '../overlay.ts';
import { tierOn } from '../../../sync/programmes/tiers.ts';

const UNITS: Record<CardKind, Balance['unit']> = {
  stamp: 'stamps',
  points: 'points',
  visits: 'visits',
  credit: 'minor',
  discount: 'percent',
  coupon: 'uses',
};
export const unitOf = (kind: CardKind): Balance['unit'] => UNITS[kind];

const ACTIONS: Record<CardKind, readonly CardAction[]> = {
  stamp: ['stamp', 'stamp-buy', 'redeem'],
  points: ['credit', 'debit', 'redeem'],
  visits: ['visit', 'add-visits'],
  credit: ['top-up', 'spend', 'earn'],
  discount: [],
  coupon: ['redeem'],
};

/**
 * A card's status as of a day: expiry is read off the date, it is no op. `day` is asked only where a card
 * expires.
 */
export const statusOn = (card: CardRow, day: () => string): CardView['status'] =>
  card.status === 'active' && card.expiresOn !== null && card.expiresOn < day() ? 'expired' : card.status;

/** What may be done with a card now: by its kind, its status and the state of the member. */
export function actionsOf(member: MemberRow, kind: CardKind, status: CardView['status']): CardAction[] {
  if (member.state !== 'active') return [];
  if (status === 'lost') return ['replace', 'close'];
  if (status === 'expired') return ['close'];
  if (status !== 'active') return [];
  const offered = kind === 'credit' && !member.isCreditAllowed ? [] : ACTIONS[kind];
  return [...offered, 'replace', 'report-lost', 'close'];
}

/** What a card type's own rules rule out: stamps or cashback of no purchase, more visits where they do not run out. */
const isOffered = (action: CardAction, type: Omit<CardType, 'cardTypeId'>, balance: number): boolean =>
  (action !== 'earn' || type.cashbackBasisPoints > 0) &&
  (action !== 'stamp-buy' || type.earnPoints > 0) &&
  (action !== 'add-visits' || !isUnlimited(balance));

/** Stands in for a card type whose document has not arrived yet: shows, offers nothing of its own. */
const UNKNOWN: Omit<CardType, 'cardTypeId'> = {
  ...CardRules.parse({ version: 1, name: '?', nameZh: '?', isRetired: true }),
  kind: 'discount',
  earlier: [],
};

export interface CardFacts {
  cardType: (cardTypeId: string) => CardType | undefined;
  businessDay: string;
  asOfMs: number | null;
  /** Custom values of a card as whoever is signed in may see them. */
  shown: (custom: Readonly<Record<string, string>>) => Record<string, string>;
}

/** Kept with whom the card belongs to; nearly nobody has any. */
export function dataOf(people: Laid['people'], card: CardRow) {
  const text = people.find(({ memberId }) => memberId === card.memberId)?.extras ?? '';
  if (text === '') return { custom: {}, isInstalled: false };
  const { cards, installed } = readExtras(text);
  return { custom: cards[card.accountId] ?? {}, isInstalled: installed.includes(card.cardId) };
}

export function toCardView(laid: Laid, card: CardRow, facts: CardFacts): CardView {
  const type = facts.cardType(card.cardTypeId) ?? UNKNOWN;
  const account = laid.accounts.get(card.accountId);
  const total = account?.view.balance ?? 0;
  const confirmed = account?.confirmed ?? 0;
  const status = statusOn(card, () => facts.businessDay);
  const data = dataOf(laid.people, card);
  return {
    cardId: card.cardId,
    cardNumber: card.cardNumber,
    accountId: card.accountId,
    cardTypeId: card.cardTypeId,
    cardType: type.name,
    cardTypeZh: type.nameZh,
    kind: type.kind,
    colour: type.colour,
    status,
    isPending: card.seq === 0,
    expiresOn: card.expiresOn,
    balance: { confirmed, pending: total - confirmed, unit: UNITS[type.kind], asOfMs: facts.asOfMs },
    goal: type.goal,
    discountPercent: type.discountPercent,
    packs: type.packs,
    earnPoints: type.earnPoints,
    earnPerMinor: type.earnPerMinor,
    worth: type.kind === 'points' ? (type.worth ?? null) : null,
    earning: { tierId: tierOn(laid.member, facts.businessDay), earnedToday: 0 },
    isUnlimited: type.kind === 'visits' && isUnlimited(total),
    rewards: type.rewards.map((reward) => ({ ...reward, isAffordable: total >= reward.cost })),
    custom: facts.shown(data.custom),
    isInstalled: data.isInstalled,
    actions: actionsOf(laid.member, type.kind, status).filter((action) => isOffered(action, type, total)),
  };
}

const STATUS_ORDER: readonly CardView['status'][] = ['active', 'lost', 'expired', 'closed', 'replaced'];

/**
 * Cards that work first, then the newest; a replaced card stays visible last, so that its number still
 * explains itself.
 */
export const cardsOf = (laid: Laid, facts: CardFacts): CardView[] =>
  laid.cards
    .map((card) => ({ card, view: toCardView(laid, card, facts) }))
    .sort(
      (left, right) =>
        STATUS_ORDER.indexOf(left.view.status) - STATUS_ORDER.indexOf(right.view.status) ||
        right.card.issuedAtMs - left.card.issuedAtMs ||
        (left.card.cardId < right.card.cardId ? -1 : 1),
    )
    .map(({ view }) => view);
