import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { toPayload, type Payload } from '../../../../drivers/decode/payload.ts';
import { isLuhnValid, luhnDigit } from '../../../../sync/base/card-number.ts';

const ownPrefixes = ['603555'];
const decode = (text: string, identifiers: 'aim' | 'none' = 'aim'): Payload =>
  toPayload(text, { identifiers, ownPrefixes });
const refused: Payload = { kind: 'refused-payment-card', text: '', aim: null };

describe('kinds', () => {
  test.each<[string, Payload]>([
    ['6035550000001230', { kind: 'member-card', text: '6035550000001230', aim: null }],
    [']C06035550000001230', { kind: 'member-card', text: '6035550000001230', aim: ']C0' }],
    [' 6035 5500 0000 1230 ', { kind: 'member-card', text: '6035550000001230', aim: null }],
    ['6035550000001231', { kind: 'text', text: '6035550000001231', aim: null }],
    [']Q1tel:+4915112345678', { kind: 'phone', text: '+4915112345678', aim: ']Q1' }],
    ['TEL:+65 9123 4567;ext=1', { kind: 'phone', text: '+65 9123 4567', aim: null }],
    ['+6591234567', { kind: 'phone', text: '+6591234567', aim: null }],
    ['+12', { kind: 'text', text: '+12', aim: null }],
    ['+1234567890123456', { kind: 'text', text: '+1234567890123456', aim: null }],
    ['91234567', { kind: 'text', text: '91234567', aim: null }],
    [']E04006381333931', { kind: 'text', text: '4006381333931', aim: ']E0' }],
    [']Q1TW1.eyJt.314159', { kind: 'text', text: 'TW1.eyJt.314159', aim: ']Q1' }],
    ['', { kind: 'text', text: '', aim: null }],
  ])('%j', (text, payload) => {
    expect(decode(text)).toEqual(payload);
  });

  test('sixteen digits of a GS1 string are an article, not a card', () => {
    const digits = `010950600013435`;
    const text = digits + luhnDigit(digits);
    expect([decode(`]C1${text}`).kind, decode(`]C0${text}`).kind]).toEqual(['text', 'member-card']);
  });

  test('without identifiers an AIM-like start stays in the text', () => {
    expect(decode(']C0AB', 'none')).toEqual({ kind: 'text', text: ']C0AB', aim: null });
  });
});

describe('payment card guard', () => {
  test.each([
    '4111111111111111', // Visa
    '4222222222222', // Visa of 13 digits
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
    'j4111111111111111', // Behind a vendor's code identifier
    'P0Q4111111111111111',
    ';4111111111111111=29121010000000000000?',
    '%B4111111111111111^DOE/JANE^29121010000000000?',
    '%B3782 822463 10005^DOE/JANE^2912?',
  ])('%s is refused in every mode', (text) => {
    expect([decode(text, 'aim'), decode(text, 'none')]).toEqual([refused, refused]);
  });

  test.each([
    '6035550000001230', // Own prefix
    '4111111111111112', // Luhn fails
    '4006381333931', // EAN-13
    ']E04222222222222', // A product by its symbology, whatever Luhn says
    '411111111111', // Too short
    '00340123450000000000', // Too long
    'https://example.com/4111111111111111/x', // Part of something longer
  ])('%s is not', (text) => {
    expect(decode(text).kind).not.toBe('refused-payment-card');
  });

  test('a product of thirteen digits that passes Luhn by chance is not refused', () => {
    expect([isLuhnValid('4006381000093'), decode('4006381000093').kind]).toEqual([true, 'text']);
  });

  test('an own prefix wins over a payment prefix, an empty one over none', () => {
    const own = toPayload('4111111111111111', { identifiers: 'aim', ownPrefixes: ['411111'] });
    const none = toPayload('4111111111111111', { identifiers: 'aim', ownPrefixes: [''] });
    expect([own.kind, none.kind]).toEqual(['member-card', 'refused-payment-card']);
  });
});

test('every payment number is refused, however it is dressed', () => {
  const head = fc.constantFrom('4', '51', '55', '2221', '2720', '34', '37', '36', '38', '6011', '65');
  const dress = fc.constantFrom<(text: string) => string>(
    (text) => text,
    (text) => `]C0${text}`,
    (text) => ` ${text} `,
    (text) => `;${text}=2912?`,
    (text) => `%B${text}^X/Y^2912?`,
    (text) => (text.match(/.{1,4}/g) ?? []).join(' '),
  );
  const number = fc.tuple(head, fc.integer({ min: 14, max: 19 }), fc.nat()).map(
    ([prefix, size, seed]) =>
      prefix +
      String(seed)
        .padStart(size, '7')
        .slice(0, size - prefix.length - 1),
  );
  fc.assert(
    fc.property(number, dress, (body, dressed) => {
      expect(decode(dressed(body + luhnDigit(body)))).toEqual(refused);
    }),
  );
});

test('any text: never throws, and never grows', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 300 }),
    fc.stringMatching(/^[\]%;+0-9 =^-]{0,60}$/),
  );
  fc.assert(
    fc.property(text, fc.constantFrom('aim' as const, 'none' as const), (raw, identifiers) => {
      expect(decode(raw, identifiers).text.length).toBeLessThanOrEqual(raw.length);
    }),
  );
});
