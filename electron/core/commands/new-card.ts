import { findPaymentCard } from '../../../drivers/decode/payment-card.ts';
import { addMonths } from '../../../sync/base/business-day.ts';
import { isCardNumber } from '../../../sync/base/card-number.ts';
import type { AccountId, CardId, CardTypeId } from '../../../sync/base/ids.ts';
import type { CardType } from '../../../sync/model/chain.ts';
import type { MemberFields } from '../../../sync/model/member.ts';
import { openingUnitsOf } from '../../../sync/programmes/unlimited.ts';
import { AppError } from '../../contract/errors.ts';
import type { Ctx } from '../ctx.ts';
import { cardFacts } from '../views/member-view.ts';

/**
 * The number for a new card: the given one if it is right and free, else the next of this till's own block.
 */
export function takeCardNumber(ctx: Ctx, given: string | null): string {
  if (given === null) {
    const next = ctx.till.stock.nextFree();
    if (next === undefined) {
      throw new AppError(
        'card_stock_empty',
        'This till has no card numbers left. Nothing was saved; use a printed card, or sync once.',
      );
    }
    return next;
  }
  if (!isCardNumber(given)) {
    throw new AppError(
      'card_number_invalid',
      'That is not a whole card number. Nothing was saved; scan the card again.',
    );
  }
  const ownPrefix = ctx.directory.chain()?.cardPrefix;
  if (findPaymentCard(given, ownPrefix === undefined ? [] : [ownPrefix]) !== null) {
    throw new AppError(
      'card_number_invalid',
      'That is a payment card. Nothing was saved; give the customer a card of this shop.',
    );
  }
  if (ctx.overlay.findByCardNumber(given) !== undefined) {
    throw new AppError(
      'card_number_taken',
      'That card already belongs to somebody. Nothing was saved; take another card.',
    );
  }
  return given;
}

export function getCardType(ctx: Ctx, cardTypeId: CardTypeId): CardType {
  const type = cardFacts(ctx).cardType(cardTypeId);
  if (type === undefined || type.isRetired) {
    throw new AppError('not_found', 'No such card type. Nothing was saved; choose another.');
  }
  if (type.usableUntil !== null && type.usableUntil < cardFacts(ctx).businessDay) {
    throw new AppError('coupon_dates', 'This coupon has ended. Nothing was saved; choose another.');
  }
  return type;
}

/** A card for credit is given only to a member who may use credit (F31). */
export function assertMayHold(
  type: CardType,
  { isCreditAllowed }: Pick<MemberFields, 'isCreditAllowed'>,
): void {
  if (type.kind === 'credit' && !isCreditAllowed) {
    throw new AppError(
      'credit_not_allowed',
      'This card needs "may use credit" to be ticked. Nothing was saved.',
    );
  }
}

/** Last day of a new card: its own term, or the last day of all coupons of that type, whichever comes first. */
export function expiryOf(type: Pick<CardType, 'validMonths' | 'usableUntil'>, day: string): string | null {
  const own = type.validMonths > 0 ? addMonths(day, type.validMonths) : null;
  return own === null || (type.usableUntil !== null && type.usableUntil < own) ? type.usableUntil : own;
}

/** A card of `type` as an op carries it, with ids of its own. */
export function newCard(ctx: Ctx, type: CardType, cardNumber: string) {
  const { businessDay } = cardFacts(ctx);
  return {
    cardId: ctx.newId<CardId>(),
    accountId: ctx.newId<AccountId>(),
    cardTypeId: type.cardTypeId,
    cardNumber,
    openingUnits: openingUnitsOf(type),
    expiresOn: expiryOf(type, businessDay),
    cardTypeVersion: type.version,
  };
}

/** Keys under which a card that only this till knows is found. */
export const cardKeys = (card: { cardId: CardId; cardNumber: string }): string[] => [
  `c${card.cardNumber}`,
  `i${card.cardId}`,
];
