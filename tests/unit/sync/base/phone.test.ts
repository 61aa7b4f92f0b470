import fc from 'fast-check';
import { type CountryCode, parsePhoneNumberFromString } from 'libphonenumber-js/min';
import { expect, test } from 'vitest';
import { nationalDigits, toE164 } from '../../../../sync/base/phone.ts';

/** What the library alone says, without the quick way for plain digits. */
function byLibrary(text: string, country: string): string | null {
  if (!/^[\s\d+().\-/]+$/.test(text)) return null;
  const number = parsePhoneNumberFromString(text.replace(/^\s*00/, '+'), country as CountryCode);
  return number?.isPossible() === true ? number.number : null;
}
const digitsByLibrary = (e164: string): string =>
  parsePhoneNumberFromString(e164)?.nationalNumber ?? e164.replace(/\D/g, '');

const COUNTRIES = ['SG', 'HK', 'MO', 'BN', 'MY', 'CN', 'US', 'GB'];
const CODES = ['65', '852', '853', '673', '60', '86', '1', '44'];
const digits = (from: number, to: number) =>
  fc.array(fc.integer({ min: 0, max: 9 }), { minLength: from, maxLength: to }).map((list) => list.join(''));
const written = fc.oneof(
  digits(1, 13),
  digits(7, 8),
  fc
    .tuple(fc.constantFrom('', '+', '00', '0', ' '), fc.constantFrom(...CODES), digits(3, 9))
    .map((parts) => parts.join('')),
);

test('plain digits of a country without a trunk prefix are read as the library reads them', () => {
  fc.assert(
    fc.property(written, fc.constantFrom(...COUNTRIES), (text, country) => {
      expect(toE164(text, country)).toBe(byLibrary(text, country));
    }),
    { numRuns: 6_000 },
  );
});

test('the national part of a number is what the library says', () => {
  const e164 = fc
    .tuple(fc.constantFrom(...CODES), digits(4, 12))
    .map(([code, rest]) => `+${code}${rest}`.slice(0, 16));
  fc.assert(
    fc.property(e164, (number) => {
      expect(nationalDigits(number)).toBe(digitsByLibrary(number));
    }),
    { numRuns: 6_000 },
  );
});
