import { findPaymentCard } from '../../../drivers/decode/payment-card.ts';
import { emailKey, lookupIdKey, type SearchPlan } from '../../../sync/base/search-key.ts';
import { FindKeys } from '../../../sync/protocol/find.ts';

export interface WholeKeys {
  keys: FindKeys;
  /** True for what is whole by its form: a card number or a phone, and not one of many texts that could be. */
  isPlain: boolean;
}

/** A look-up ID of one word and without any digit is a name as far as anybody can tell. */
const isIdLike = (text: string): boolean => /\d/.test(text) && !/\s/.test(text) && !text.includes('@');

/**
 * What of a text the centre can be asked for: whole keys. Null for none: a name, a part of a number, and the number of
 * a payment card, which goes nowhere.
 *
 * @param ownPrefix leading digits of the chain's own cards
 */
export function wholeKeysOf(
  { text, cardNumber, phone }: SearchPlan,
  ownPrefix: string | undefined,
): WholeKeys | null {
  if (findPaymentCard(text, ownPrefix === undefined ? [] : [ownPrefix]) !== null) return null;
  const isPlain = cardNumber !== null || phone !== null;
  const email = text.includes('@') ? emailKey(text) : null;
  const lookupId = isIdLike(text) || isPlain ? lookupIdKey(text) : null;
  const read = FindKeys.safeParse({ cardNumber, phone, email, lookupId });
  if (!read.success || Object.values(read.data).every((key) => key === null)) return null;
  return { keys: read.data, isPlain };
}
