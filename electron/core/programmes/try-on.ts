import type { CardId } from '../../../sync/base/ids.ts';
import { must } from '../../../sync/base/must.ts';
import type { EntryRow } from '../../../sync/model/card.ts';
import { earnFor, type EarnRules } from '../../../sync/programmes/earn.ts';

/** A purchase of a past day, with what it earned then. */
export type PastPurchase = Pick<EntryRow, 'cardId' | 'memberId' | 'accountId' | 'delta' | 'rewardId'> & {
  amountMinor: number;
};

export interface CardTrial {
  cardId: CardId;
  memberId: EntryRow['memberId'];
  purchases: number;
  amountMinor: number;
  oldUnits: number;
  newUnits: number;
}

/**
 * What rules make of purchases, card by card, in the order in which they were made: the day's limit counts from the
 * first. Pure.
 *
 * @param tierOf The member's tier where the entry does not name one.
 */
export function tryPurchases(
  rules: EarnRules,
  purchases: readonly PastPurchase[],
  tierOf: (memberId: EntryRow['memberId']) => string,
): CardTrial[] {
  const trials = new Map<CardId, CardTrial>();
  const earned = new Map<string, number>();
  for (const { cardId, memberId, accountId, amountMinor, delta, rewardId } of purchases) {
    const earnedToday = earned.get(accountId) ?? 0;
    const tierId = rewardId === '' ? tierOf(memberId) : rewardId;
    const { units } = earnFor(rules, { amountMinor, tierId, earnedToday });
    earned.set(accountId, earnedToday + units);
    const fresh = { cardId, memberId, purchases: 0, amountMinor: 0, oldUnits: 0, newUnits: 0 };
    trials.set(cardId, trials.get(cardId) ?? fresh);
    const trial = must(trials.get(cardId), 'was put there');
    trial.purchases += 1;
    trial.amountMinor += amountMinor;
    trial.oldUnits += delta;
    trial.newUnits += units;
  }
  return [...trials.values()];
}
