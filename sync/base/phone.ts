import { parsePhoneNumberFromString, type CountryCode } from 'libphonenumber-js/min';

/**
 * A phone number in any notation as E.164, or null when it is not one number that could exist.
 *
 * @param country ISO country whose national notation is meant when there is no `+`.
 */
export function toE164(text: string, country: string): string | null {
  if (!/^[\s\d+().\-/]+$/.test(text)) return null;
  const number = parsePhoneNumberFromString(text.replace(/^\s*00/, '+'), country as CountryCode);
  return number?.isPossible() === true ? number.number : null;
}

/** For people: international, grouped. Falls back to the text itself. */
export function formatPhone(e164: string): string {
  return parsePhoneNumberFromString(e164)?.formatInternational() ?? e164;
}

/** Digits of the national number: what a member says at the counter. */
export function nationalDigits(e164: string): string {
  return parsePhoneNumberFromString(e164)?.nationalNumber ?? e164.replace(/\D/g, '');
}

/** `+65 9••• •001`: enough to recognise, not enough to call. */
export function maskPhone(e164: string): string {
  const shown = formatPhone(e164);
  const keepFrom = shown.length - 3;
  const cut = shown.indexOf(' ') + 2;
  return [...shown].map((sign, at) => (at < cut || at >= keepFrom || sign === ' ' ? sign : '•')).join('');
}
