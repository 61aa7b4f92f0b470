import { addMonths } from '../../sync/base/business-day.ts';
import type { CardTypeId } from '../../sync/base/ids.ts';
import { must, unreachable } from '../../sync/base/must.ts';
import type { OpBody, OpBodyOf } from '../../sync/model/op.ts';
import { DEMO_CARD_TYPES, DEMO_CHAIN, DEMO_STORES } from './chain.ts';
import type { KnownCard } from './known.ts';
import type { CardPlan, DemoCalendar, MemberPlan } from './plan.ts';
import type { SeededRandom } from './random.ts';
import { visit, type Emit, type OpenCard } from './visits.ts';

/** Something that happened at a till; acts run in the order of their instants. */
export interface DemoAct {
  atMs: number;
  storeIndex: number;
  run(emit: Emit): void;
}

interface Scheduling {
  random: SeededRandom;
  calendar: DemoCalendar;
  acts: DemoAct[];
}

/** History reaches this far back; members may have joined before. */
const HISTORY_DAYS = 150;
const VERSION = { cardTypeVersion: 1 };

type NewCardBody = Omit<OpBodyOf<'card.issued'>, 'kind' | 'memberId'>;

function newCard(card: CardPlan, calendar: DemoCalendar): NewCardBody {
  const type = must(
    DEMO_CARD_TYPES.find(({ cardTypeId }) => cardTypeId === card.cardTypeId),
    'the demo plans cards of its own types',
  );
  return {
    cardId: card.cardId,
    accountId: card.accountId,
    cardTypeId: card.cardTypeId as CardTypeId,
    cardNumber: card.cardNumber,
    openingUnits: type.openingUnits,
    expiresOn: type.validMonths === 0 ? null : addMonths(calendar.dayOf(card.issuedAtMs), type.validMonths),
    ...VERSION,
  };
}

function scheduleJoining({ acts, calendar }: Scheduling, member: MemberPlan): void {
  const { memberId, storeIndex } = member;
  const [first, ...others] = member.cards;
  acts.push({
    atMs: member.joinedAtMs,
    storeIndex,
    run: (emit) =>
      void emit({
        kind: 'member.created',
        memberId,
        supportId: member.supportId,
        storeId: must(DEMO_STORES[storeIndex], 'a store of the demo').storeId,
        fields: member.fields,
        pdpaPolicy: DEMO_CHAIN.policyVersion,
        hasMarketingConsent: member.hasMarketingConsent,
        card: first === undefined ? null : newCard(first, calendar),
      }),
  });
  for (const card of others) {
    const run = (emit: Emit): void =>
      void emit({ kind: 'card.issued', memberId, ...newCard(card, calendar) });
    acts.push({ atMs: card.issuedAtMs, storeIndex, run });
  }
}

function scheduleLosses({ acts, calendar }: Scheduling, member: MemberPlan): void {
  const { memberId, storeIndex } = member;
  for (const card of member.cards) {
    const { replacement } = card;
    const lostAtMs = Math.max(calendar.at(5, 12), card.issuedAtMs + 3_600_000);
    if (card.isLost) {
      const body: OpBody = {
        kind: 'card.status',
        memberId,
        cardId: card.cardId,
        status: 'lost',
        reason: 'Lost',
      };
      acts.push({ atMs: lostAtMs, storeIndex, run: (emit) => void emit(body) });
    }
    if (replacement !== null) {
      const { accountId, cardId: oldCardId } = card;
      const body: OpBody = {
        kind: 'card.replaced',
        memberId,
        accountId,
        oldCardId,
        cardId: replacement.cardId,
        cardNumber: replacement.cardNumber,
        reason: 'Lost',
      };
      acts.push({ atMs: lostAtMs + 1_800_000, storeIndex, run: (emit) => void emit(body) });
    }
  }
}

function scheduleState({ acts, calendar }: Scheduling, member: MemberPlan): void {
  if (member.state === 'active') return;
  const { memberId, storeIndex, state } = member;
  const reason = state === 'locked' ? 'Asked us to hold the account' : 'Cards shared with strangers';
  acts.push({
    atMs: Math.max(calendar.at(3, 15), member.joinedAtMs + 60_000),
    storeIndex,
    run: (emit) =>
      void emit(
        { kind: 'member.state', memberId, state, epoch: 0, reason },
        state === 'blocked' ? 'manager' : 'cashier',
      ),
  });
}

function scheduleVisits({ acts, random, calendar }: Scheduling, member: MemberPlan): void {
  const cards: OpenCard[] = member.cards.map((plan) => ({
    plan,
    balance: plan.cardTypeId === 'welcome' ? 1 : 0,
  }));
  const earliestMs = Math.max(calendar.at(HISTORY_DAYS, 9), member.joinedAtMs + 600_000);
  for (let count = 0; count < member.visitCount; count += 1) {
    const atMs = calendar.at(random.int(1, HISTORY_DAYS), 8 + random.next() * 13);
    if (atMs < earliestMs) continue;
    const storeIndex = random.chance(0.82) ? member.storeIndex : random.int(0, DEMO_STORES.length - 1);
    acts.push({ atMs, storeIndex, run: (emit) => visit(random, { member, cards }, emit) });
  }
}

/** A known card's entries: what brings its account to the stated balance. */
function knownBodies(member: MemberPlan, card: CardPlan, known: KnownCard): OpBody[] {
  const on = { memberId: member.memberId, cardId: card.cardId, accountId: card.accountId, ...VERSION };
  const half = Math.ceil(known.balance / 2);
  const parts = [half, known.balance - half].filter((part) => part > 0);
  switch (known.cardTypeId) {
    case 'coffee':
      return parts.map((count, at) => ({
        kind: 'stamp.added',
        ...on,
        count,
        amountMinor: count * 450,
        receiptNo: `10${at}`,
      }));
    case 'points':
      return parts.map((points, at) => ({
        kind: 'points.credited',
        ...on,
        points,
        amountMinor: points * 100,
        receiptNo: `20${at}`,
        reason: '',
      }));
    case 'pass': {
      const used = Array.from({ length: 10 - known.balance }, (): OpBody => ({
        kind: 'visit.deducted',
        ...on,
        count: 1,
      }));
      return [{ kind: 'visits.added', ...on, count: 10, amountMinor: 4_500, receiptNo: '300' }, ...used];
    }
    case 'prepaid':
      return [
        { kind: 'credit.toppedUp', ...on, receiptNo: '400', creditMinor: 5_000 },
        { kind: 'credit.spent', ...on, receiptNo: '401', creditMinor: 5_000 - known.balance },
      ];
    case 'gold':
    case 'welcome':
      return [];
    default:
      return unreachable(known.cardTypeId);
  }
}

function scheduleKnown({ acts, calendar }: Scheduling, member: MemberPlan): void {
  for (const [order, card] of member.cards.entries()) {
    const known =
      member.known?.cards.find((candidate) => candidate.cardNumber === card.cardNumber) ??
      member.known?.cards[order];
    if (known === undefined) continue;
    for (const [at, body] of knownBodies(member, card, known).entries()) {
      acts.push({
        atMs: calendar.at(60 - at * 12, 11 + order),
        storeIndex: 0,
        run: (emit) => void emit(body),
      });
    }
  }
}

/** Everything that happened in the demo, in the order of time. */
export function planHistory(
  random: SeededRandom,
  calendar: DemoCalendar,
  members: readonly MemberPlan[],
): DemoAct[] {
  const scheduling: Scheduling = { random, calendar, acts: [] };
  for (const member of members) {
    scheduleJoining(scheduling, member);
    scheduleLosses(scheduling, member);
    scheduleState(scheduling, member);
    if (member.known === null) scheduleVisits(scheduling, member);
    else scheduleKnown(scheduling, member);
  }
  return scheduling.acts
    .map((act, order) => ({ act, order }))
    .sort((left, right) => left.act.atMs - right.act.atMs || left.order - right.order)
    .map(({ act }) => act);
}
