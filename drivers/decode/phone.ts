const DIGITS_MIN = 7;
const DIGITS_MAX = 15;

/**
 * A phone number on a code: `tel:` with anything that can be dialled, or `+` and the country. In E.164 where
 * the country is given, else the digits as they are: which country is for others to say. Null for other text;
 * bare digits are a phone only when somebody types them.
 */
export function toPhone(text: string): string | null {
  const isTel = /^tel:/i.test(text);
  if (!isTel && !text.startsWith('+')) return null;
  const number = isTel ? (text.slice('tel:'.length).split(';')[0] ?? '').trim() : text;
  if (number.length > 32 || !/^\+?[0-9(][0-9 ().-]*$/.test(number)) return null;
  const digits = number.replace(/[^0-9]/g, '');
  if (digits.length < DIGITS_MIN || digits.length > DIGITS_MAX) return null;
  if (!number.startsWith('+')) return digits;
  return digits.startsWith('0') ? null : `+${digits}`;
}
