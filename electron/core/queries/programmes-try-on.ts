import { addDays } from '../../../sync/base/business-day.ts';
import type { CardTypeId, MemberId } from '../../../sync/base/ids.ts';
import { isBooking } from '../../../sync/merge/entries.ts';
import type { EntryRow } from '../../../sync/model/card.ts';
import { AppError } from '../../contract/errors.ts';
import { TRIAL_CARDS_MAX, type Trial, type TrialRow } from '../../contract/programmes.ts';
import { EDIT_WINDOW_DAYS } from '../../contract/purchases.ts';
import { opsIn } from '../close/own-ops.ts';
import type { Ctx, Handler } from '../ctx.ts';
import { tryPurchases, type CardTrial, type PastPurchase } from '../programmes/try-on.ts';
import { assertRole } from '../commands/shared.ts';
import { unitOf } from '../views/card-view.ts';
import { tierOn } from '../../../sync/programmes/tiers.ts';
import { cardFacts, nameOf } from '../views/member-view.ts';

/** More than a store of the size in design 8 sees on one day. */
const PURCHASES_MAX = 20_000;
const EARNING: ReadonlySet<string> = new Set(['points.credited', 'stamp.added', 'credit.earned']);

const isEarned = (entry: { kind: string; delta: number }): boolean =>
  EARNING.has(entry.kind) && entry.delta > 0;

/**
 * Entries of this till that the copy does not hold, of members with a purchase on `day`. An edit is made within some
 * days after it and lies on the day of the purchase, so the ops of those days are looked at, too.
 */
function ownEntries(ctx: Ctx, day: string): EntryRow[] {
  const copy = ctx.replica();
  const members = new Set<MemberId>();
  for (let after = 0; after <= EDIT_WINDOW_DAYS; after += 1) {
    for (const { op, commitment } of opsIn(ctx.till, ctx.till.ops.dayRanges(addDays(day, after)))) {
      const { body } = op;
      if (commitment !== undefined || !isBooking(body)) continue;
      if (copy.entry(op.opId) === undefined) members.add(body.memberId);
    }
  }
  return [...members].flatMap((memberId) =>
    [...(ctx.overlay.lay(memberId)?.openEntries.values() ?? [])].map(({ row }) => row),
  );
}

/** Purchases of the day that the copy holds, and this till's own that are not in it yet, edited or undone ones too. */
function purchasesOf(ctx: Ctx, cardTypeId: CardTypeId, day: string) {
  const copy = ctx.replica();
  const stored = copy.purchasesOn(day, PURCHASES_MAX + 1);
  const isPartial = stored.length > PURCHASES_MAX;
  const own = ownEntries(ctx, day);
  const countered = new Set(own.map(({ correctsOpId }) => correctsOpId));
  const isOfType = (cardId: PastPurchase['cardId'], memberId: PastPurchase['memberId']): boolean => {
    const card = copy.card(cardId) ?? ctx.overlay.lay(memberId)?.cards.find((each) => each.cardId === cardId);
    return card?.cardTypeId === cardTypeId;
  };
  const all = [
    ...stored.slice(0, PURCHASES_MAX).filter(({ opId }) => copy.correctionOf(opId) === undefined),
    ...own.filter(({ businessDay }) => businessDay === day),
  ];
  const purchases = all.flatMap((entry): PastPurchase[] => {
    const { amountMinor } = entry;
    const isOut = amountMinor === null || !isEarned(entry) || countered.has(entry.opId);
    return isOut || !isOfType(entry.cardId, entry.memberId) ? [] : [{ ...entry, amountMinor }];
  });
  return { purchases, isPartial };
}

function toRow(ctx: Ctx, trial: CardTrial): TrialRow {
  const laid = ctx.overlay.lay(trial.memberId);
  const card = laid?.cards.find(({ cardId }) => cardId === trial.cardId);
  return {
    ...trial,
    cardNumber: card?.cardNumber ?? '',
    name: laid === undefined ? '' : nameOf(laid.member),
  };
}

const sumOf = (trials: readonly CardTrial[], of: 'purchases' | 'amountMinor' | 'oldUnits' | 'newUnits') =>
  trials.reduce((sum, trial) => sum + trial[of], 0);

export const tryProgramme: Handler<'programmes.tryOn'> = (ctx, { cardTypeId, rules, day }): Trial => {
  assertRole(ctx, 'manager');
  const type = ctx.directory.cardType(cardTypeId);
  if (type === undefined) {
    throw new AppError('not_found', 'This card type is not saved yet, so no day has purchases on it.');
  }
  const unit = unitOf(type.kind);
  const tried = day ?? ctx.replica().lastPurchaseDay(cardFacts(ctx).businessDay) ?? null;
  const { purchases, isPartial } =
    tried === null ? { purchases: [], isPartial: false } : purchasesOf(ctx, cardTypeId, tried);
  const tierOf = (memberId: PastPurchase['memberId']): string => {
    const member = ctx.replica().member(memberId);
    return member === undefined ? '' : tierOn(member, tried ?? '');
  };
  const trials = tryPurchases({ ...rules, kind: type.kind }, purchases, tierOf);
  const changed = trials
    .filter(({ oldUnits, newUnits }) => oldUnits !== newUnits)
    .sort(
      (one, other) =>
        Math.abs(other.newUnits - other.oldUnits) - Math.abs(one.newUnits - one.oldUnits) ||
        (one.cardId < other.cardId ? -1 : 1),
    );
  return {
    day: tried,
    unit,
    cards: trials.length,
    purchases: sumOf(trials, 'purchases'),
    amountMinor: sumOf(trials, 'amountMinor'),
    oldUnits: sumOf(trials, 'oldUnits'),
    newUnits: sumOf(trials, 'newUnits'),
    rows: changed.slice(0, TRIAL_CARDS_MAX).map((trial) => toRow(ctx, trial)),
    changed: changed.length,
    isPartial,
  };
};
