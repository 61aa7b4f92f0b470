import type { OpId } from '../../sync/base/ids.ts';
import type { StaffRole } from '../../sync/model/chain.ts';
import type { OpBody } from '../../sync/model/op.ts';
import type { CardPlan, MemberPlan } from './plan.ts';
import type { SeededRandom } from './random.ts';

/** Writes one op at the act's instant and says its id. */
export type Emit = (body: OpBody, role?: StaffRole) => OpId;

/** A card and what is on it while the history runs. */
export interface OpenCard {
  plan: CardPlan;
  balance: number;
}

/** A purchase that a card is used for. */
interface Purchase {
  on: Pick<OpBody & { kind: 'stamp.added' }, 'memberId' | 'cardId' | 'accountId' | 'cardTypeVersion'>;
  balance: number;
  amountMinor: number;
  receiptNo: string;
}

type Move = { body: OpBody; delta: number };

function stampMove(random: SeededRandom, { on, balance, amountMinor, receiptNo }: Purchase): Move {
  if (balance >= 10 && random.chance(0.8)) {
    return { body: { kind: 'reward.redeemed', ...on, rewardId: 'free-coffee', cost: 10 }, delta: -10 };
  }
  if (balance >= 5 && random.chance(0.06)) {
    return { body: { kind: 'reward.redeemed', ...on, rewardId: 'free-toast', cost: 5 }, delta: -5 };
  }
  const count = random.chance(0.75) ? 1 : random.int(2, 4);
  return { body: { kind: 'stamp.added', ...on, count, amountMinor, receiptNo }, delta: count };
}

function pointsMove(random: SeededRandom, { on, balance, amountMinor, receiptNo }: Purchase): Move {
  if (balance >= 120 && random.chance(0.35)) {
    return { body: { kind: 'reward.redeemed', ...on, rewardId: 'cake', cost: 120 }, delta: -120 };
  }
  if (balance > 40 && random.chance(0.02)) {
    return { body: { kind: 'points.debited', ...on, points: 20, reason: 'Returned goods' }, delta: -20 };
  }
  const points = Math.floor(amountMinor / 100);
  return {
    body: { kind: 'points.credited', ...on, points, amountMinor, receiptNo, reason: '' },
    delta: points,
  };
}

function passMove(random: SeededRandom, { on, balance, receiptNo }: Purchase): Move {
  if (balance > 0) return { body: { kind: 'visit.deducted', ...on, count: 1 }, delta: -1 };
  const count = random.pick([10, 10, 10, 20]);
  return { body: { kind: 'visits.added', ...on, count, amountMinor: count * 450, receiptNo }, delta: count };
}

function creditMove(random: SeededRandom, { on, balance, amountMinor, receiptNo }: Purchase): Move {
  if (balance >= amountMinor) {
    return {
      body: { kind: 'credit.spent', ...on, receiptNo, creditMinor: amountMinor },
      delta: -amountMinor,
    };
  }
  const creditMinor = random.pick([2_000, 5_000, 5_000, 10_000]);
  return { body: { kind: 'credit.toppedUp', ...on, receiptNo, creditMinor }, delta: creditMinor };
}

function moveOn(random: SeededRandom, cardTypeId: string, purchase: Purchase): Move | null {
  switch (cardTypeId) {
    case 'coffee':
      return stampMove(random, purchase);
    case 'points':
      return pointsMove(random, purchase);
    case 'pass':
      return passMove(random, purchase);
    case 'prepaid':
      return creditMove(random, purchase);
    case 'welcome': {
      const body: OpBody = { kind: 'reward.redeemed', ...purchase.on, rewardId: 'welcome-drink', cost: 1 };
      return purchase.balance > 0 ? { body, delta: -1 } : null;
    }
    default:
      return null;
  }
}

/**
 * A member buys something: one or two of the cards are used; once in a while the cashier takes it back at
 * once.
 */
export function visit(
  random: SeededRandom,
  { member, cards }: { member: MemberPlan; cards: OpenCard[] },
  emit: Emit,
): void {
  const amountMinor = random.int(7, 90) * 50;
  const receiptNo = random.digits(6);
  const useCount = cards.length > 1 && random.chance(0.55) ? 2 : 1;
  const start = random.int(0, cards.length - 1);
  for (let use = 0; use < useCount; use += 1) {
    const card = cards[(start + use) % cards.length];
    if (card === undefined) return;
    const { cardId, accountId, cardTypeId } = card.plan;
    const on = { memberId: member.memberId, cardId, accountId, cardTypeVersion: 1 };
    const move = moveOn(random, cardTypeId, { on, balance: card.balance, amountMinor, receiptNo });
    if (move === null) continue;
    const opId = emit(move.body);
    card.balance += move.delta;
    if (random.chance(0.993)) continue;
    emit({ kind: 'entry.corrected', ...on, correctsOpId: opId, delta: -move.delta, reason: 'Wrong card' });
    card.balance -= move.delta;
  }
}
