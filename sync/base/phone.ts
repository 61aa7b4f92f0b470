import { parsePhoneNumberFromString, type CountryCode } from 'libphonenumber-js/min';

/**
 * Countries without a trunk prefix, by calling code and usual length: there, plain digits are the national number, and
 * nobody need ask the library, which takes fifty times as long. What begins with the calling code is left to it.
 */
const PLAIN: Readonly<Record<string, { code: string; digits: RegExp }>> = {
  SG: { code: '65', digits: /^(?!65)[1-9]\d{7}$/ },
  HK: { code: '852', digits: /^(?!852)[1-9]\d{7}$/ },
  MO: { code: '853', digits: /^(?!853)[1-9]\d{7}$/ },
  BN: { code: '673', digits: /^(?!673)[1-9]\d{6}$/ },
};
/** The same numbers as E.164. */
const PLAIN_E164 = /^\+(?:65|85[23]|673)(\d{6,10})$/;

/**
 * A phone number in any notation as E.164, or null when it is not one number that could exist.
 *
 * @param country ISO country whose national notation is meant when there is no `+`.
 */
export function toE164(text: string, country: string): string | null {
  const plain = PLAIN[country];
  if (plain?.digits.test(text) === true) return `+${plain.code}${text}`;
  if (!/^[\s\d+().\-/]+$/.test(text)) return null;
  const number = parsePhoneNumberFromString(text.replace(/^\s*00/, '+'), country as CountryCode);
  return number?.isPossible() === true ? number.number : null;
}

/** The same, where the country is told by its calling code: `65`. Null for a code that no country has. */
export function toE164Of(text: string, callingCode: string): string | null {
  if (!/^[\s\d+().\-/]+$/.test(text)) return null;
  const number = parsePhoneNumberFromString(text.replace(/^\s*00/, '+'), { defaultCallingCode: callingCode });
  return number?.isPossible() === true ? number.number : null;
}

const SHOWN_MAX = 200;
/** Numbers that were shown lately: the same member is drawn after each act. */
const shown = new Map<string, string>();

/** For people: international, grouped. Falls back to the text itself. */
export function formatPhone(e164: string): string {
  const known = shown.get(e164);
  if (known !== undefined) return known;
  const text = parsePhoneNumberFromString(e164)?.formatInternational() ?? e164;
  if (shown.size >= SHOWN_MAX) shown.clear();
  shown.set(e164, text);
  return text;
}

/** Digits of the national number: what a member says at the counter. */
export function nationalDigits(e164: string): string {
  const plain = PLAIN_E164.exec(e164)?.[1];
  return plain ?? parsePhoneNumberFromString(e164)?.nationalNumber ?? e164.replace(/\D/g, '');
}

/** `+65 9••• •001`: enough to recognise, not enough to call. */
export function maskPhone(e164: string): string {
  const text = formatPhone(e164);
  const keepFrom = text.length - 3;
  const cut = text.indexOf(' ') + 2;
  return [...text].map((sign, at) => (at < cut || at >= keepFrom || sign === ' ' ? sign : '•')).join('');
}
