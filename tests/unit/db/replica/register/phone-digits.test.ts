import { expect, test } from 'vitest';
import { PhoneDigits, type Where } from '../../../../../db/replica/register/phone-digits.ts';
import { packPhone } from '../../../../../db/replica/register/texts.ts';
import { mix } from '../../../../bench/random.ts';

const PHONES = [
  ...['+6591234567', '+60121234567', '+8613800138000', '+447700900123', '+1', '+999999999999999', null],
  ...Array.from({ length: 80 }, (_, at) => `+${String(mix(at, 1) % 10 ** 9).padStart(1 + (at % 15), '7')}`),
];
const WHERE: readonly Where[] = ['contains', 'starts', 'ends', 'is'];

const digitsOf = (phone: string | null): string | null => phone?.slice(1) ?? null;
const TESTS: Record<Where, (digits: string, part: string) => boolean> = {
  contains: (digits, part) => digits.includes(part),
  starts: (digits, part) => digits.startsWith(part),
  ends: (digits, part) => digits.endsWith(part),
  is: (digits, part) => digits === part,
};

function found(digits: PhoneDigits, part: string, where: Where): number[] {
  const mask = new Uint8Array(PHONES.length);
  digits.find(Uint8Array.from(part, Number), where, mask);
  return [...mask];
}

test.for(WHERE)('a part of any length is found where a number %s it, and nowhere else', (where) => {
  const digits = new PhoneDigits(Float64Array.from(PHONES, packPhone), PHONES.length);
  const whole = PHONES.flatMap((phone) => digitsOf(phone) ?? []);
  const parts = whole.flatMap((each, at) => {
    const from = mix(at, 2) % each.length;
    return [each, each.slice(from), each.slice(0, from + 1), each.slice(from, from + 1 + (at % 10))];
  });
  for (const part of parts) {
    const expected = PHONES.map((phone) => {
      const own = digitsOf(phone);
      return own !== null && TESTS[where](own, part) ? 1 : 0;
    });
    expect(found(digits, part, where), part).toEqual(expected);
  }
});

test('a number that changes is found by its new digits only, and one that is taken away by none', () => {
  const digits = new PhoneDigits(Float64Array.from(PHONES, packPhone), PHONES.length);
  digits.set(0, packPhone('+33612345678'));
  digits.set(1, -1);
  expect(found(digits, '336', 'starts')[0]).toBe(1);
  expect(found(digits, '6591234567', 'is')[0]).toBe(0);
  expect(found(digits, '6', 'contains')[1]).toBe(0);
});
