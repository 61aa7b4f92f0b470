import type { Crypto } from './crypto.ts';

export const CARD_SERIAL_LIMIT = 1_000_000_000;

/** Luhn check digit for `digits` (ISO/IEC 7812-1, annex B). */
export function luhnDigit(digits: string): string {
  let sum = 0;
  for (let index = 0; index < digits.length; index += 1) {
    const digit = digits.charCodeAt(digits.length - 1 - index) - 48;
    const doubled = index % 2 === 0 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return String((10 - (sum % 10)) % 10);
}

/**
 * True when the last digit is the Luhn digit of the rest. One random number in ten passes: it rejects, it
 * never proves.
 */
export const isLuhnValid = (digits: string): boolean =>
  /^\d{2,}$/.test(digits) && luhnDigit(digits.slice(0, -1)) === digits.slice(-1);

/** Sixteen digits with a right check digit. */
export const isCardNumber = (text: string): boolean => /^\d{16}$/.test(text) && isLuhnValid(text);

/**
 * The card number of a serial: prefix, nine permuted digits, Luhn digit. A keyed permutation (four-round
 * Feistel over 30 bits, walked until it falls below 10^9), so neighbours can not be guessed and no two
 * serials share a number.
 *
 * @param serial 0 .. CARD_SERIAL_LIMIT - 1, used once per chain. Only the centre knows `key`.
 */
export function toCardNumber(
  crypto: Crypto,
  { key, prefix }: Readonly<{ key: string; prefix: string }>,
  serial: number,
): string {
  if (!Number.isInteger(serial) || serial < 0 || serial >= CARD_SERIAL_LIMIT)
    throw new Error('toCardNumber: serial');
  let permuted = permute30(crypto, key, serial);
  while (permuted >= CARD_SERIAL_LIMIT) permuted = permute30(crypto, key, permuted);
  const body = prefix + String(permuted).padStart(9, '0');
  return body + luhnDigit(body);
}

function permute30(crypto: Crypto, key: string, value: number): number {
  let left = value >>> 15;
  let right = value & 0x7fff;
  for (let round = 0; round < 4; round += 1) {
    const mixed = Number.parseInt(crypto.sha256Hex(`${key}:${round}:${right}`).slice(0, 8), 16) & 0x7fff;
    [left, right] = [right, left ^ mixed];
  }
  return left * 0x8000 + right;
}
