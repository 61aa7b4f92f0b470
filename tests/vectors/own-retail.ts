import { blocked, DOUBLE, error, product, scan, sent, type Vector } from './vector.ts';

const EAN = '4006381333931';
const GTIN = '04006381333931';

/** EAN and UPC: check digits, expansions, add-ons, coupons, books, in-store codes. */
export const retailVectors: readonly Vector[] = [
  {
    name: 'UPC-A without identifiers',
    profile: 'cr',
    chunks: [sent('012345678905')],
    events: [product('012345678905', '00012345678905', { symbology: 'upca', isDeclared: false })],
  },
  {
    name: 'UPC-A with a wrong check digit',
    profile: 'cr',
    chunks: [sent('012345678906')],
    events: [error('check-digit')],
  },
  {
    name: 'EAN-8 without identifiers',
    profile: 'cr',
    chunks: [sent('96385074')],
    events: [product('96385074', '00000096385074', { symbology: 'ean8' })],
  },
  {
    name: 'EAN-8 with a wrong check digit',
    profile: 'cr',
    chunks: [sent('96385075')],
    events: [error('check-digit')],
  },
  {
    name: 'EAN-8 declared, two digits swapped',
    profile: 'aim cr',
    chunks: [sent(']E469385074')],
    events: [error('check-digit')],
  },
  {
    name: 'UPC-E only, ending 0 to 2',
    profile: 'cr',
    chunks: [sent('04252614')],
    events: [
      scan('product', { symbology: 'upce', facts: { gtin14: '00042100005264', upca: '042100005264' } }),
    ],
  },
  {
    name: 'UPC-E by Code-ID, six digits',
    profile: 'honeywell-id cr',
    chunks: [sent('E425261')],
    events: [
      scan('product', { symbology: 'upce', facts: { gtin14: '00042100005264', upca: '042100005264' } }),
    ],
  },
  {
    name: 'UPC-E by Code-ID, ending 3',
    profile: 'honeywell-id cr',
    chunks: [sent('E123453')],
    events: [
      scan('product', { symbology: 'upce', facts: { gtin14: '00012300000451', upca: '012300000451' } }),
    ],
  },
  {
    name: 'UPC-E by Code-ID, ending 4',
    profile: 'honeywell-id cr',
    chunks: [sent('E123454')],
    events: [
      scan('product', { symbology: 'upce', facts: { gtin14: '00012340000053', upca: '012340000053' } }),
    ],
  },
  {
    name: 'UPC-E declared with a wrong check digit',
    profile: 'honeywell-id cr',
    chunks: [sent('E04252615')],
    events: [error('check-digit')],
  },
  {
    name: 'EAN-13 declared, one digit wrong',
    profile: 'aim cr',
    chunks: [sent(']E04006381333932')],
    events: [error('check-digit')],
  },
  {
    name: 'EAN-13 declared, one digit short',
    profile: 'aim cr',
    chunks: [sent(']E0400638133393')],
    events: [error('check-digit')],
  },
  {
    name: 'EAN-13 declared with a letter',
    profile: 'aim cr',
    chunks: [sent(']E0400638133393X')],
    events: [error('length')],
  },
  {
    name: 'add-on of two in one packet',
    profile: 'aim cr',
    chunks: [sent(`]E3${EAN}12`)],
    events: [product(EAN, GTIN, { addOn: '12' })],
  },
  {
    name: 'add-on of five in one packet',
    profile: 'aim cr',
    chunks: [sent(']E3978020137962451999')],
    events: [scan('product', { text: '9780201379624', addOn: '51999' })],
  },
  {
    name: 'add-on run together with its own identifier',
    profile: 'aim cr',
    chunks: [sent(']E00012345678905]E110')],
    events: [scan('product', { text: '012345678905', addOn: '10', facts: { gtin14: '00012345678905' } })],
  },
  {
    name: 'add-on behind its own terminator',
    profile: 'aim cr',
    chunks: [sent(`]E0${EAN}`) + sent(']E112')],
    events: [product(EAN, GTIN), { type: 'suppressed', why: 'add-on' }],
  },
  {
    name: 'add-on without a main symbol',
    profile: 'aim cr',
    chunks: [sent(']E112')],
    events: [scan('unknown', { symbology: 'ean-add-on', addOn: '12', issues: ['add-on-alone'] })],
  },
  {
    name: 'coupon 981: one decimal',
    profile: 'cr',
    chunks: [sent('9811234560151')],
    events: [
      scan('coupon', {
        facts: { couponPrefix: '981', issuer: '1234', reference: '56', value: '1.50', currency: 'EUR' },
      }),
    ],
  },
  {
    name: 'coupon 983: what its digits say is not known',
    profile: 'cr',
    chunks: [sent('9831234000501')],
    events: [scan('coupon', { facts: { couponPrefix: '983' } })],
  },
  {
    name: 'refund receipt 980',
    profile: 'cr',
    chunks: [sent('9801234567892')],
    events: [scan('coupon', { facts: { couponPrefix: '980' } })],
  },
  {
    name: 'coupon of number system 5',
    profile: 'aim cr',
    chunks: [sent(']E00512345678900')],
    events: [scan('coupon', { symbology: 'upca', facts: { couponPrefix: '05' } })],
  },
  {
    name: 'coupon of number system 5 as twelve digits',
    profile: 'cr',
    chunks: [sent('512345678900')],
    events: [scan('coupon', { facts: { couponPrefix: '05' } })],
  },
  {
    name: 'coupon with a wrong check digit is no coupon',
    profile: 'cr',
    chunks: [sent('9901234567898')],
    events: [error('check-digit')],
  },
  {
    name: 'in-store code without a layout',
    profile: 'cr',
    chunks: [sent('2112345012346')],
    events: [product('2112345012346', '02112345012346', { issues: ['in-store-code'] })],
  },
  {
    name: 'in-store code of number system 2',
    profile: 'aim cr',
    chunks: [sent(']E00212345678909')],
    events: [scan('product', { symbology: 'upca', issues: ['in-store-code'] })],
  },
  {
    name: 'periodical',
    profile: 'cr',
    chunks: [sent('9771234567003')],
    events: [scan('product', { facts: { gtin14: '09771234567003', issn: '1234-5679' } })],
  },
  {
    name: 'book of a Chinese publisher',
    profile: 'cr',
    chunks: [sent('9787302423287')],
    events: [scan('product', { facts: { gtin14: '09787302423287', isbn13: '978-7-302-42328-7' } })],
  },
  {
    name: 'book of a group whose publishers are not known here',
    profile: 'cr',
    chunks: [sent('9791234567896')],
    events: [scan('product', { facts: { gtin14: '09791234567896', isbn13: '979-123456789-6' } })],
  },
  {
    name: 'carton, Interleaved 2 of 5',
    profile: 'aim cr',
    chunks: [sent(']I110614141000415')],
    events: [product('10614141000415', '10614141000415', { symbology: 'itf', isDeclared: true })],
  },
  {
    name: 'fourteen digits with a wrong check digit',
    profile: 'cr',
    chunks: [sent('10614141000416')],
    events: [error('check-digit')],
  },
  {
    name: 'eleven digits are no product',
    profile: 'cr',
    chunks: [sent('40063813339')],
    events: [scan('unknown', { text: '40063813339' })],
  },
  {
    name: 'thirteen digits in Code 128 are no product',
    profile: 'aim cr',
    chunks: [sent(`]C0${EAN}`)],
    events: [scan('unknown', { symbology: 'code128', text: EAN })],
  },
  {
    name: 'Zebra Code-ID A with eight digits',
    profile: 'zebra-id crlf',
    chunks: [sent('A96385074', '\r\n')],
    events: [product('96385074', '00000096385074', { symbology: 'ean8', isDeclared: true })],
  },
  {
    name: 'the same product after 399 ms is one, after 400 ms two',
    profile: 'cr',
    chunks: [sent(EAN), '+399ms', sent(EAN), '+1ms', sent(EAN)],
    events: [product(EAN, GTIN), DOUBLE, product(EAN, GTIN)],
  },
  {
    name: 'another product between does not hide a double read',
    profile: 'cr',
    chunks: [sent(EAN), sent('96385074'), sent(EAN)],
    events: [product(EAN, GTIN), product('96385074', '00000096385074'), DOUBLE],
  },
  {
    name: 'a failed read does not hide the good one behind it',
    profile: 'cr',
    chunks: [sent('4006381333932'), '+50ms', sent(EAN)],
    events: [error('check-digit'), product(EAN, GTIN)],
  },
  {
    name: 'a payment card of fourteen digits that starts as Diners Club does',
    profile: 'cr',
    chunks: [sent('30569309025904')],
    events: [blocked('305693****5904')],
  },
];
