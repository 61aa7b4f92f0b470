import { dayAt } from '../../sync/base/business-day.ts';
import { toCardNumber } from '../../sync/base/card-number.ts';
import type { Crypto } from '../../sync/base/crypto.ts';
import { newSupportId, type AccountId, type CardId, type MemberId } from '../../sync/base/ids.ts';
import { fold } from '../../sync/base/search-key.ts';
import { EMPTY_FIELDS, type MemberFields, type MemberState } from '../../sync/model/member.ts';
import { DEMO_CHAIN, DEMO_CUT_OFF_HOUR, DEMO_OFFSET_MS, DEMO_STORES, DEMO_TIME_ZONE } from './chain.ts';
import { KNOWN_MEMBERS, type KnownMember } from './known.ts';
import { nameOf, type PersonName } from './names.ts';
import type { SeededRandom } from './random.ts';

export const DEMO_CARD_KEY = 'counterfoil demo';
const DAY_MS = 86_400_000;

export interface CardPlan {
  cardId: CardId;
  accountId: AccountId;
  cardTypeId: string;
  cardNumber: string;
  issuedAtMs: number;
  isLost: boolean;
  /** The card that took over the account. */
  replacement: { cardId: CardId; cardNumber: string } | null;
}

export interface MemberPlan {
  memberId: MemberId;
  supportId: string;
  fields: MemberFields;
  joinedAtMs: number;
  storeIndex: number;
  hasMarketingConsent: boolean;
  state: MemberState;
  cards: CardPlan[];
  /** Purchases of the last months; a known member has fixed balances instead. */
  visitCount: number;
  known: KnownMember | null;
}

/** Days of the demo end yesterday, so that today belongs to whoever tries it. */
export interface DemoCalendar {
  /** Instant of a day that lies `daysAgo` back, `hour` with its fraction in the stores' time. */
  at(daysAgo: number, hour: number): number;
  dayOf(wallMs: number): string;
}

export function createCalendar(nowMs: number): DemoCalendar {
  const today = Math.floor((nowMs + DEMO_OFFSET_MS) / DAY_MS) * DAY_MS - DEMO_OFFSET_MS;
  return {
    at: (daysAgo, hour) => today - daysAgo * DAY_MS + Math.round(hour * 3_600_000),
    dayOf: (wallMs) => dayAt(wallMs, DEMO_TIME_ZONE, DEMO_CUT_OFF_HOUR),
  };
}

interface Planner {
  random: SeededRandom;
  calendar: DemoCalendar;
  nextCardNumber(): string;
  usedMobiles: Set<string>;
}

function planCard(planner: Planner, cardTypeId: string, issuedAtMs: number): CardPlan {
  return {
    cardId: planner.random.uuid(issuedAtMs) as CardId,
    accountId: planner.random.uuid(issuedAtMs) as AccountId,
    cardTypeId,
    cardNumber: planner.nextCardNumber(),
    issuedAtMs,
    isLost: false,
    replacement: null,
  };
}

function planKnown(planner: Planner, known: KnownMember, at: number): MemberPlan {
  const { random, calendar } = planner;
  const joinedAtMs = calendar.at(700 - at, 10);
  const cards: CardPlan[] = [];
  for (const card of known.cards) {
    const before = cards.at(-1);
    const replaces = before !== undefined && known.cards[cards.length - 1]?.status === 'replaced';
    const plan = planCard(planner, card.cardTypeId, joinedAtMs + cards.length * 60_000);
    if (replaces) before.replacement = plan;
    else cards.push({ ...plan, isLost: card.status === 'lost' });
  }
  return {
    memberId: random.uuid(joinedAtMs) as MemberId,
    supportId: newSupportId(random.uuid(joinedAtMs).replaceAll('-', '').slice(-16)),
    fields: {
      ...EMPTY_FIELDS,
      lastName: known.lastName,
      firstName: known.firstName,
      mobile: known.mobile,
      phone: known.phone,
      lookupId: known.lookupId,
      isCreditAllowed: known.cards.some((card) => card.cardTypeId === 'prepaid'),
      tier: known.cards.some((card) => card.cardTypeId === 'gold') ? 'Gold' : '',
    },
    joinedAtMs,
    storeIndex: 0,
    hasMarketingConsent: at % 2 === 0,
    state: known.state,
    cards,
    visitCount: 0,
    known,
  };
}

/** Numbers of nobody: the digits are random, and no message is ever sent from a demo. */
function mobileOf({ random, usedMobiles }: Planner): string {
  for (;;) {
    const isLocal = random.chance(0.93);
    const foreign = ['+6012', '+44770090', '+6141', '+8490', '+8190', '+6391', '+9198'];
    const start = isLocal ? `+65${random.pick(['8', '9'])}` : random.pick(foreign);
    const mobile = start + random.digits(isLocal ? 7 : start === '+44770090' ? 4 : 7);
    if (usedMobiles.has(mobile) || mobile.startsWith('+659111')) continue;
    usedMobiles.add(mobile);
    return mobile;
  }
}

function emailOf(random: SeededRandom, name: PersonName, at: number): string | null {
  if (!random.chance(0.42)) return null;
  const folded = fold(`${name.firstName} ${name.lastName}`).replaceAll(' ', '.');
  return /^[a-z.]+$/.test(folded) ? `${folded}.${at}@example.com` : `member.${at}@example.com`;
}

function birthOf(random: SeededRandom): string | null {
  if (!random.chance(0.35)) return null;
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${random.int(1948, 2006)}-${two(random.int(1, 12))}-${two(random.int(1, 28))}`;
}

function fieldsOf(planner: Planner, at: number, sibling: MemberPlan | null): MemberFields {
  const { random } = planner;
  const name = nameOf(random, sibling === null ? null : { ...sibling.fields });
  const ownPhone = random.chance(0.2) ? `+656${random.digits(7)}` : null;
  const hasAddress = random.chance(0.25);
  const street = random.pick([
    'Jalan Kopi',
    'Lorong Roti',
    'Kaya Avenue',
    'Old Mill Road',
    'Harbour Lane',
    'Nutmeg Walk',
  ]);
  return {
    ...EMPTY_FIELDS,
    ...name,
    mobile: mobileOf(planner),
    phone: sibling === null ? ownPhone : sibling.fields.phone,
    email: emailOf(random, name, at),
    lookupId: `M${String(at).padStart(6, '0')}`,
    dateOfBirth: birthOf(random),
    ...(hasAddress && {
      street1: `${random.int(1, 240)} ${street}`,
      street2: random.chance(0.7) ? `#${random.int(2, 25)}-${random.int(10, 99)}` : '',
      postalCode: random.digits(6),
      city: 'Singapore',
      country: 'Singapore',
    }),
  };
}

function cardTypesOf(random: SeededRandom, isNew: boolean): string[] {
  const types = [];
  if (random.chance(0.68)) types.push('coffee');
  if (random.chance(0.55)) types.push('points');
  if (random.chance(0.12)) types.push('pass');
  if (random.chance(0.16)) types.push('prepaid');
  if (random.chance(0.07)) types.push('gold');
  if (isNew && random.chance(0.5)) types.push('welcome');
  return types.length === 0 ? ['coffee'] : types;
}

function planMember(planner: Planner, at: number, before: MemberPlan | undefined): MemberPlan {
  const { random, calendar } = planner;
  const joinedDaysAgo = 1 + Math.floor(1_000 * random.next() ** 1.6);
  const joinedAtMs = calendar.at(joinedDaysAgo, 9 + random.next() * 11);
  const isFamily = before?.known === null && before.fields.phone !== null && random.chance(0.5);
  const types = cardTypesOf(random, joinedDaysAgo < 80);
  const fate = random.next();
  const plan: MemberPlan = {
    memberId: random.uuid(joinedAtMs) as MemberId,
    supportId: newSupportId(random.uuid(joinedAtMs).replaceAll('-', '').slice(-16)),
    fields: fieldsOf(planner, at, isFamily ? before : null),
    joinedAtMs,
    storeIndex: random.int(0, DEMO_STORES.length - 1),
    hasMarketingConsent: random.chance(0.45),
    state: fate < 0.012 ? 'locked' : fate < 0.018 ? 'blocked' : 'active',
    cards: types.map((type, order) => planCard(planner, type, joinedAtMs + order * 45_000)),
    visitCount: Math.floor(-5.6 * Math.log(1 - random.next())),
    known: null,
  };
  plan.fields.isCreditAllowed = types.includes('prepaid');
  plan.fields.tier = types.includes('gold') ? 'Gold' : '';
  const [card] = plan.cards;
  if (card !== undefined && random.chance(0.025)) {
    card.isLost = true;
    const cardId = random.uuid(joinedAtMs + 1) as CardId;
    if (random.chance(0.75)) card.replacement = { cardId, cardNumber: planner.nextCardNumber() };
  }
  return plan;
}

/**
 * The demo's members. Card numbers follow from the order alone: the same in every demo, whatever the date.
 */
export function planMembers(
  random: SeededRandom,
  calendar: DemoCalendar,
  options: { crypto: Crypto; memberCount: number },
): { members: MemberPlan[]; cardCount: number } {
  let serial = 0;
  const nextCardNumber = (): string => {
    serial += 1;
    return toCardNumber(options.crypto, { key: DEMO_CARD_KEY, prefix: DEMO_CHAIN.cardPrefix }, serial - 1);
  };
  const planner: Planner = { random, calendar, nextCardNumber, usedMobiles: new Set() };
  const members = Object.values(KNOWN_MEMBERS).map((known, at) => planKnown(planner, known, at));
  while (members.length < options.memberCount)
    members.push(planMember(planner, members.length, members.at(-1)));
  return { members, cardCount: serial };
}
