import { error, hex, member, scan, sent, type Vector } from './vector.ts';

const ARTICLE = '09506000134352';
const GS = '\x1d';

/** Element strings and Digital Link. */
export const gs1Vectors: readonly Vector[] = [
  {
    name: 'FNC1 in front as well',
    profile: 'aim cr',
    chunks: [sent(`]C1${GS}01${ARTICLE}10A${GS}`)],
    events: [scan('product', { facts: { gtin14: ARTICLE, lot: 'A' }, issues: [] })],
  },
  {
    name: 'variable identifiers in any order',
    profile: 'aim cr',
    chunks: [sent(`]d221S1${GS}10L1${GS}01${ARTICLE}17270100`)],
    events: [
      scan('product', {
        facts: { gtin14: ARTICLE, lot: 'L1', serial: 'S1', expiry: '2027-01-31' },
        issues: [],
      }),
    ],
  },
  {
    name: 'best before',
    profile: 'aim cr',
    chunks: [sent(`]e001${ARTICLE}15280229`)],
    events: [scan('product', { facts: { gtin14: ARTICLE, bestBefore: '2028-02-29' }, issues: [] })],
  },
  {
    name: 'a date of the last century',
    profile: 'aim cr',
    chunks: [sent(`]C101${ARTICLE}17990601`)],
    events: [scan('product', { facts: { gtin14: ARTICLE, expiry: '1999-06-01' } })],
  },
  {
    name: 'month 13',
    profile: 'aim cr',
    chunks: [sent(`]C101${ARTICLE}17261301`)],
    events: [scan('product', { facts: { gtin14: ARTICLE }, issues: ['gs1-date'] })],
  },
  {
    name: 'wrong check digit of the article',
    profile: 'aim cr',
    chunks: [sent(']C10109506000134353')],
    events: [error('check-digit')],
  },
  {
    name: 'wrong check digit of the load',
    profile: 'aim cr',
    chunks: [sent(']C100106141411234567898')],
    events: [error('check-digit')],
  },
  {
    name: 'wrong check digit of the member',
    profile: 'aim cr',
    chunks: [sent(']C18018950600013435212347')],
    events: [error('check-digit')],
  },
  {
    name: 'a member beside a count',
    profile: 'aim cr',
    chunks: [sent(`]C18018950600013435212346${GS}80191`)],
    events: [member('950600013435212346', { issues: [] })],
  },
  {
    name: 'a member torn off is nobody',
    profile: 'aim cr',
    chunks: [sent(`]C18018950600013435212346${GS}ZZ`)],
    events: [scan('unknown', { issues: ['gs1-syntax'] })],
  },
  {
    name: 'a member’s digits that nobody declared are nobody',
    profile: 'cr',
    chunks: [sent('8018950600013435212346')],
    events: [scan('unknown', { text: '8018950600013435212346' })],
  },
  {
    name: 'a lost separator is said, not mended',
    profile: 'aim cr',
    chunks: [sent(`]C101${ARTICLE}10ABC1232112345`)],
    events: [scan('product', { facts: { gtin14: ARTICLE, lot: 'ABC1232112345' }, issues: ['ambiguous'] })],
  },
  {
    name: 'a value that is too long',
    profile: 'aim cr',
    chunks: [sent(`]C101${ARTICLE}10${'X'.repeat(21)}`)],
    events: [scan('product', { issues: ['ambiguous'] })],
  },
  {
    name: 'the same identifier twice with other values',
    profile: 'aim cr',
    chunks: [sent(`]C101${ARTICLE}10A${GS}10B`)],
    events: [scan('product', { facts: { gtin14: ARTICLE, lot: 'A' }, issues: ['ambiguous'] })],
  },
  {
    name: 'an identifier that does not exist',
    profile: 'aim cr',
    chunks: [sent(`]C101${ARTICLE}05123`)],
    events: [scan('product', { facts: { gtin14: ARTICLE }, issues: ['gs1-syntax'] })],
  },
  {
    name: 'a predefined length cut short',
    profile: 'aim cr',
    chunks: [sent(']C1010950600013')],
    events: [scan('unknown', { issues: ['gs1-syntax'] })],
  },
  {
    name: 'declared GS1 that holds none',
    profile: 'aim cr',
    chunks: [sent(']C1HELLO')],
    events: [scan('unknown', { issues: ['gs1-syntax'] })],
  },
  {
    name: 'content and count of a load',
    profile: 'aim cr',
    chunks: [sent(`]C102${ARTICLE}3712`)],
    events: [scan('product', { facts: { gtin14: ARTICLE, quantity: '12' } })],
  },
  {
    name: 'a load with its content is a load',
    profile: 'aim cr',
    chunks: [sent(`]C10010614141123456789702${ARTICLE}3712`)],
    events: [scan('logistic', { facts: { sscc: '106141411234567897', gtin14: ARTICLE, quantity: '12' } })],
  },
  {
    name: 'coupon 8112',
    profile: 'aim cr',
    chunks: [sent(']e08112000950600012345678901234567')],
    events: [scan('coupon')],
  },
  {
    name: 'coupon number 255 beside an article',
    profile: 'aim cr',
    chunks: [sent(`]e001${ARTICLE}2559506000134352`)],
    events: [scan('coupon')],
  },
  {
    name: 'weight with two decimals',
    profile: 'aim cr',
    chunks: [sent(`]e001${ARTICLE}3102000123`)],
    events: [scan('product', { facts: { gtin14: ARTICLE, netWeightKg: '1.23' } })],
  },
  {
    name: 'FNC1 in second place is no GS1',
    profile: 'aim cr',
    chunks: [sent(`]C2A01${ARTICLE}`)],
    events: [scan('unknown', { symbology: 'code128' })],
  },
  {
    name: 'GS1 QR with per cent signs for FNC1',
    profile: 'aim cr',
    chunks: [sent(`]Q301${ARTICLE}10A%21B`)],
    events: [scan('product', { symbology: 'gs1-qr', facts: { gtin14: ARTICLE, lot: 'A', serial: 'B' } })],
  },
  {
    name: 'GS1 Data Matrix with an ECI',
    profile: 'aim cr',
    chunks: [sent(`]d5\\00002601${ARTICLE}10A`)],
    events: [scan('product', { symbology: 'gs1-datamatrix', facts: { gtin14: ARTICLE, lot: 'A' } })],
  },
  {
    name: 'GS1-128 by Honeywell’s Code-ID',
    profile: 'honeywell-id cr',
    chunks: [sent(`I01${ARTICLE}`)],
    events: [scan('product', { symbology: 'gs1-128', isDeclared: true })],
  },
  {
    name: 'GS1-128 by Honeywell’s other Code-ID',
    profile: 'honeywell-id cr',
    chunks: [sent(`|01${ARTICLE}`)],
    events: [scan('product', { symbology: 'gs1-128', isDeclared: true })],
  },
  {
    name: 'GS1-128 by Zebra’s Code-ID',
    profile: 'zebra-id crlf',
    chunks: [sent(`K01${ARTICLE}`, '\r\n')],
    events: [scan('product', { symbology: 'gs1-128', isDeclared: true })],
  },
  {
    name: 'an element string that nobody declared',
    profile: 'cr',
    chunks: [sent(`01${ARTICLE}17261231`)],
    events: [scan('product', { isDeclared: false, facts: { gtin14: ARTICLE, expiry: '2026-12-31' } })],
  },
  {
    name: 'one element string in fifty chunks',
    profile: 'aim cr',
    chunks: Array.from(`]C101${ARTICLE}10ABC${GS}21Z\r`, hex),
    events: [scan('product', { facts: { gtin14: ARTICLE, lot: 'ABC', serial: 'Z' } })],
  },
  {
    name: 'Digital Link with escapes and a key of its host',
    profile: 'aim cr',
    chunks: [sent(`]Q1http://x.example/a/b/01/${ARTICLE}/22/2A/10/L%2F1/21/S?lang=en&17=270100`)],
    events: [
      scan('product', {
        facts: { gtin14: ARTICLE, lot: 'L/1', serial: 'S', expiry: '2027-01-31', digitalLink: 'yes' },
        issues: [],
      }),
    ],
  },
  {
    name: 'Digital Link with names of the first edition',
    profile: 'aim cr',
    chunks: [sent(`]Q1https://x.example/gtin/${ARTICLE}/lot/A`)],
    events: [scan('product', { facts: { gtin14: ARTICLE, lot: 'A', digitalLink: 'yes' } })],
  },
  {
    name: 'Digital Link with thirteen digits',
    profile: 'aim cr',
    chunks: [sent(']d1https://x.example/01/9506000134352')],
    events: [scan('product', { symbology: 'datamatrix', facts: { gtin14: ARTICLE, digitalLink: 'yes' } })],
  },
  {
    name: 'Digital Link with a wrong check digit',
    profile: 'aim cr',
    chunks: [sent(']Q1https://x.example/01/09506000134353')],
    events: [error('check-digit')],
  },
  {
    name: 'Digital Link of a load',
    profile: 'aim cr',
    chunks: [sent(']Q1https://x.example/00/106141411234567897')],
    events: [scan('logistic', { facts: { sscc: '106141411234567897', digitalLink: 'yes' } })],
  },
  {
    name: 'an address that is no Digital Link',
    profile: 'aim cr',
    chunks: [sent(']Q1https://x.example/01/about')],
    events: [scan('unknown', { symbology: 'qr' })],
  },
  {
    name: 'an address with a torn escape',
    profile: 'aim cr',
    chunks: [sent(`]Q1https://x.example/01/${ARTICLE}/10/%E0%A4`)],
    events: [scan('product', { facts: { gtin14: ARTICLE, digitalLink: 'yes' }, issues: ['gs1-syntax'] })],
  },
];
