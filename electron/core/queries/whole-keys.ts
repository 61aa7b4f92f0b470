import { emailKey, lookupIdKey, type SearchPlan } from '../../../sync/base/search-key.ts';
import { FindKeys } from '../../../sync/protocol/find.ts';

export interface WholeKeys {
  keys: FindKeys;
  /** True for what is whole by its form: a card number or a phone, and not one of many texts that could be. */
  isPlain: boolean;
}

/** A look-up ID of one word and without any digit is a name as far as anybody can tell. */
const isIdLike = (text: string): boolean => /\d/.test(text) && !/\s/.test(text) && !text.includes('@');

/** What of a text the centre can be asked for: whole keys. Null for none: a name, a part of a number. */
export function wholeKeysOf({ text, cardNumber, phone }: SearchPlan): WholeKeys | null {
  const isPlain = cardNumber !== null || phone !== null;
  const email = text.includes('@') ? emailKey(text) : null;
  const lookupId = isIdLike(text) || isPlain ? lookupIdKey(text) : null;
  const read = FindKeys.safeParse({ cardNumber, phone, email, lookupId });
  if (!read.success || Object.values(read.data).every((key) => key === null)) return null;
  return { keys: read.data, isPlain };
}
