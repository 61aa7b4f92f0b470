import type { ExpectedEvent } from './vector.ts';
import { blocked, error, member, product, scan } from './vector.ts';

const ARTICLE = '09506000134352';
const CARD = '6035550000001230';
const EAN = product('4006381333931', '04006381333931', { symbology: 'ean13' });

/** What must come out for each vector of `given.json`, by its number. */
export const givenEvents: Readonly<Record<number, readonly ExpectedEvent[]>> = {
  1: [product('4006381333931', '04006381333931', { symbology: 'ean13', isDeclared: false })],
  2: [product('5901234123457', '05901234123457')],
  3: [product('012345678905', '00012345678905', { symbology: 'upca', isDeclared: true, aim: ']E0' })],
  4: [product('96385074', '00000096385074', { symbology: 'ean8', isDeclared: true, aim: ']E4' })],
  5: [
    scan('product', {
      symbology: 'gs1-128',
      facts: { gtin14: ARTICLE, expiry: '2026-12-31', lot: 'ABC123', serial: '12345' },
      gs1: { '01': ARTICLE, '17': '261231', '10': 'ABC123', '21': '12345' },
      issues: [],
    }),
  ],
  6: [
    scan('product', {
      symbology: 'gs1-datamatrix',
      facts: { gtin14: ARTICLE, serial: 'XYZ-9', lot: 'L1' },
      issues: [],
    }),
  ],
  7: [scan('product', { symbology: 'databar', facts: { gtin14: ARTICLE, netWeightKg: '1.750' } })],
  8: [scan('coupon', { symbology: 'databar', issues: [] })],
  9: [scan('member-card', { text: '950600013435212346', facts: { gsrn: '950600013435212346' }, issues: [] })],
  10: [scan('logistic', { facts: { sscc: '106141411234567897' } })],
  11: [
    scan('product', {
      symbology: 'qr',
      facts: { gtin14: ARTICLE, lot: 'ABC-1', expiry: '2026-12-31', digitalLink: 'yes' },
    }),
  ],
  12: [scan('product', { symbology: 'qr', facts: { gtin14: '09521234543213', digitalLink: 'yes' } })],
  13: [scan('unknown', { symbology: 'qr', text: 'Müller\\1', issues: [] })],
  14: [
    scan('product', {
      facts: { gtin14: '00000001234565', upca: '012345000065' },
      issues: ['ambiguous', 'in-store-code'],
    }),
  ],
  15: [
    scan('coupon', {
      facts: { couponPrefix: '982', issuer: '1234', reference: '00', value: '0.50', currency: 'EUR' },
    }),
  ],
  16: [scan('coupon', { facts: { couponPrefix: '99' } })],
  17: [scan('product', { facts: { gtin14: '09780201379624', isbn13: '978-0-201-37962-4' } })],
  18: [member(CARD, { symbology: 'code128' })],
  19: [scan('wallet', { text: 'TW1.eyJtIjoiMTIzNCJ9.314159.c2ln', symbology: 'qr' })],
  20: [scan('phone', { text: '+4915112345678', symbology: 'qr' })],
  21: [blocked('411111******1111')],
  22: [product('4006381333931', '04006381333931', { isDeclared: true })],
  23: [
    scan('product', { symbology: 'qr', isDeclared: true, facts: { gtin14: ARTICLE, digitalLink: 'yes' } }),
  ],
  24: [product('4006381333931', '04006381333931', { isDeclared: true })],
  25: [scan('product', { symbology: 'gs1-datamatrix', facts: { gtin14: ARTICLE, lot: 'A' } })],
  26: [
    scan('unknown', { text: 'd4006381333931', issues: ['unconfigured-code-id', 'suggest(honeywell-id)'] }),
  ],
  27: [product('4006381333931', '04006381333931', { issues: ['line-noise(3)'] })],
  28: [error('check-digit')],
  29: [EAN, product('5901234123457', '05901234123457')],
  30: [EAN],
  31: [],
  32: [EAN, { type: 'suppressed', why: 'double-read' }],
  33: [error('parity-suspect', 'set the line to 7 data bits, even parity')],
  34: [error('partial'), product('5901234123457', '05901234123457')],
  35: [{ type: 'reply', reply: 'nak' }],
  36: [scan('id-document', { text: '' })],
  37: [
    scan('product', {
      text: `https://id.gs1.org/01/${ARTICLE}/21/${'S'.repeat(20)}?17=261231`,
      symbology: 'qr',
      aim: ']Q1',
    }),
  ],
  38: [product('4006381333931', '04006381333931', { aim: null, isDeclared: false })],
  39: [error('length')],
  40: [product('96385074', '00000096385074', { symbology: 'ean8', aim: ']E0' })],
  41: [blocked('411111******1111')],
  42: [member(CARD, { facts: { expiry: '4912', tracks: '1+2' } })],
  43: [error('msr-read', 'swipe again')],
  44: [member(CARD, { facts: { expiry: '4912', tracks: '1+2' } })],
  45: [member(CARD, { facts: { expiry: '4912', tracks: '2' } })],
  46: [error('lrc')],
  47: [],
  48: [],
  49: [product('4006381333931', '04006381333931')],
  50: [scan('product', { facts: { gtin14: ARTICLE, lot: 'A', serial: 'B' } })],
};
