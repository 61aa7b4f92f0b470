import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { classify } from '../../../../drivers/decode/classify.ts';
import { stripAim } from '../../../../drivers/decode/aim.ts';
import type { ScanEvent } from '../../../../drivers/decode/scan-event.ts';
import { readAim } from '../../../../drivers/decode/symbology.ts';
import { isLuhnValid, luhnDigit } from '../../../../sync/base/card-number.ts';
import { VECTOR_RULES } from '../../../vectors/vector.ts';

function read(rawText: string, isAimOn: boolean, ownPrefixes: readonly string[] = ['603555']): ScanEvent {
  const { aim, text } = isAimOn ? stripAim(rawText.trim()) : { aim: null, text: rawText };
  const symbology = aim === null ? 'unknown' : readAim(aim).symbology;
  const said = { text, symbology, isDeclared: aim !== null, aim, issues: [], byteCount: rawText.length };
  return classify(said, { ...VECTOR_RULES, ownPrefixes });
}
const kindOf = (event: ScanEvent): string => (event.type === 'scan' ? event.scan.kind : event.type);
const kindsOf = (text: string): string[] => [kindOf(read(text, true)), kindOf(read(text, false))];

test.each([
  '4111111111111111', // Visa
  '5555555555554444', // Mastercard
  '2223003122003222', // Mastercard, 2-series
  '378282246310005', // American Express
  '30569309025904', // Diners Club
  '38520000023237',
  '6011111111111117', // Discover
  '6500000000000002',
  '3530111333300000', // JCB
  '6240008631401148', // UnionPay
  '6759649826438453', // Maestro
  '4111 1111 1111 1111',
  '4111-1111-1111-1111',
  ']C04111111111111111',
  ']C14111111111111111', // Declared GS1, though no element string
  'j4111111111111111', // Behind a vendor's code identifier
  'P0Q4111111111111111',
  ';4111111111111111=29121010000000000000?',
  '%B4111111111111111^DOE/JANE^29121010000000000?',
  '%B3782 822463 10005^DOE/JANE^2912?',
  'https://example.com/4111111111111111/x',
])('%s is blocked in every mode', (text) => {
  const events = [read(text, true), read(text, false)];
  expect(events.map(kindOf)).toEqual(['blocked-payment-card', 'blocked-payment-card']);
  expect(JSON.stringify(events)).not.toMatch(/\d{7}|DOE/);
});

test.each([
  ['6035550000001230', ['member-card', 'member-card']], // Own prefix
  ['4111111111111112', ['unknown', 'unknown']], // Luhn fails
  ['4006381333931', ['product', 'product']], // EAN-13
  [']E04222222222222', ['scan-error', 'unknown']], // Declared as an EAN that its check digit denies
  ['4222222222222', ['scan-error', 'scan-error']], // A bad read: nothing of it is kept either
  ['411111111111', ['scan-error', 'scan-error']], // Too short
  ['00340123450000000000', ['unknown', 'unknown']], // Too long
  [']C1400411111111111111', ['unknown', 'unknown']], // An order number of an element string
])('%s is %j', (text, kinds) => {
  expect(kindsOf(text)).toEqual(kinds);
});

test('a product of thirteen digits that passes Luhn by chance is a product', () => {
  expect([isLuhnValid('4006381000093'), ...kindsOf('4006381000093')]).toEqual([true, 'product', 'product']);
});

test('an own prefix wins over a payment prefix, an empty one over none', () => {
  expect([
    kindOf(read('4111111111111111', true, ['411111'])),
    kindOf(read('4111111111111111', true, [''])),
    kindOf(read(';4111111111111111=2912?', true, ['411111'])),
  ]).toEqual(['member-card', 'blocked-payment-card', 'member-card']);
});

describe('every payment number', () => {
  const head = fc.constantFrom('4', '51', '55', '2221', '2720', '34', '37', '36', '38', '6011', '65');
  const number = fc.tuple(head, fc.integer({ min: 15, max: 19 }), fc.nat()).map(([prefix, size, seed]) => {
    const body =
      prefix +
      String(seed)
        .padStart(size, '7')
        .slice(0, size - prefix.length - 1);
    return body + luhnDigit(body);
  });
  const dress = fc.constantFrom<(text: string) => string>(
    (text) => text,
    (text) => `]C0${text}`,
    (text) => ` ${text} `,
    (text) => `;${text}=2912?`,
    (text) => `%B${text}^X/Y^2912?`,
    (text) => (text.match(/.{1,4}/g) ?? []).join(' '),
    (text) => `call me: ${text}.`,
  );
  test('is blocked however it is dressed, and shown by six and four digits at most', () => {
    fc.assert(
      fc.property(number, dress, (digits, dressed) => {
        const event = read(dressed(digits), true);
        expect(kindOf(event)).toBe('blocked-payment-card');
        const masked = `${digits.slice(0, 6)}${'*'.repeat(digits.length - 10)}${digits.slice(-4)}`;
        expect(event).toMatchObject({ scan: { text: '', masked } });
      }),
    );
  });
});
