import { isCardNumber } from '../../sync/base/card-number.ts';
import { isGs1Aim, isRetailAim, stripAim } from './aim.ts';
import { holdsPaymentCard } from './payment-card.ts';

/**
 * `member-card`: sixteen digits with a right check digit; whose they are is for the core to say. `phone`:
 * starts with `+` or came as `tel:`. `text`: anything else. `refused-payment-card`: a payment card's number,
 * text wiped.
 */
export type PayloadKind = 'member-card' | 'phone' | 'text' | 'refused-payment-card';

/**
 * `aim`: an AIM identifier in front is taken off; `none`: the scanner sends none, the text is left as it is.
 */
export type Identifiers = 'aim' | 'none';

export interface PayloadOptions {
  readonly identifiers: Identifiers;
  /** Leading digits of the chain's own cards; they are never taken for payment cards. */
  readonly ownPrefixes: readonly string[];
}

export interface Payload {
  readonly kind: PayloadKind;
  readonly text: string;
  readonly aim: string | null;
}

/** What a scanned text is. Never throws; the payment card guard goes first, whatever the identifiers say. */
export function toPayload(rawText: string, options: PayloadOptions): Payload {
  if (holdsPaymentCard(rawText, options.ownPrefixes)) {
    return { kind: 'refused-payment-card', text: '', aim: null };
  }
  const { aim, text: coded } =
    options.identifiers === 'aim' ? stripAim(rawText.trim()) : { aim: null, text: rawText };
  const text = coded.trim();
  const number = text.replace(/[ -]/g, '');
  if (isCardNumber(number) && !isGs1Aim(aim) && !isRetailAim(aim)) {
    return { kind: 'member-card', text: number, aim };
  }
  const phone = toPhone(text);
  return phone === null ? { kind: 'text', text, aim } : { kind: 'phone', text: phone, aim };
}

/**
 * As written, without `tel:` and its parameters: which country and whether it can exist is for others to say.
 */
function toPhone(text: string): string | null {
  const isTel = /^tel:/i.test(text);
  const number = isTel ? (text.slice('tel:'.length).split(';')[0] ?? '').trim() : text;
  if (!isTel && !number.startsWith('+')) return null;
  if (number.length > 32 || !/^\+?[0-9(][0-9 ().-]*$/.test(number)) return null;
  const digitCount = number.replace(/[^0-9]/g, '').length;
  return digitCount >= 7 && digitCount <= 15 ? number : null;
}
