import { blocked, error, hex, member, posReport, product, scan, type Vector } from './vector.ts';

const EAN = '4006381333931';
const GTIN = '04006381333931';
const ARTICLE = '09506000134352';
const CARD = '6035550000001230';
const LONG = `https://x.example/01/${ARTICLE}/21/`;
const [first, rest] = [`${LONG}${'S'.repeat(56 - LONG.length)}`, 'SS'];
const aim = ']Q1';

/** Reports of HID POS, keys of a wedge. */
export const deviceVectors: readonly Vector[] = [
  {
    name: 'layout A without AIM bytes',
    profile: 'hidpos A',
    chunks: [posReport(EAN)],
    events: [product(EAN, GTIN, { aim: null })],
  },
  {
    name: 'layout A that is B',
    profile: 'hidpos A',
    chunks: [posReport(EAN, { layout: 'B' })],
    events: [error('layout', 'try the profile hidpos B')],
  },
  {
    name: 'layout one byte further on',
    profile: "hidpos A'",
    chunks: [posReport(EAN, { layout: "A'", aim: ']E0' })],
    events: [product(EAN, GTIN, { aim: ']E0' })],
  },
  {
    name: 'layout B with the maker’s symbology',
    profile: 'hidpos B',
    chunks: [posReport(EAN, { layout: 'B', codeId: 'd' })],
    events: [product(EAN, GTIN, { isDeclared: true })],
  },
  {
    name: 'layout found: A',
    profile: 'hidpos auto',
    chunks: [posReport(CARD, { aim: ']C0' })],
    events: [member(CARD, { symbology: 'code128' })],
  },
  {
    name: 'layout found: one further on',
    profile: 'hidpos auto',
    chunks: [posReport(CARD, { aim: ']C0', layout: "A'" })],
    events: [member(CARD, { symbology: 'code128' })],
  },
  {
    name: 'layout found: B, and kept once a check digit proved it',
    profile: 'hidpos auto',
    chunks: [posReport(EAN, { layout: 'B' }), posReport(']C0ABC', { layout: 'B' })],
    events: [product(EAN, GTIN), scan('unknown', { text: 'ABC', aim: ']C0', issues: [] })],
  },
  {
    name: 'sixty characters are two reports',
    profile: 'hidpos A',
    chunks: [posReport('A'.repeat(56), { aim, isContinued: true }), posReport('BBBB', { aim })],
    events: [scan('unknown', { text: `${'A'.repeat(56)}BBBB` })],
  },
  {
    name: 'exactly fifty-six characters are one',
    profile: 'hidpos A',
    chunks: [posReport('A'.repeat(56), { aim })],
    events: [scan('unknown', { text: 'A'.repeat(56) })],
  },
  {
    name: 'a continued code whose rest does not come',
    profile: 'hidpos A',
    chunks: [posReport(first, { aim, isContinued: true }), '+600ms', posReport(EAN, { aim: ']E0' })],
    events: [error('partial'), product(EAN, GTIN)],
  },
  {
    name: 'a continued code whose rest comes late but in time',
    profile: 'hidpos A',
    chunks: [posReport(first, { aim, isContinued: true }), '+599ms', posReport(rest, { aim })],
    events: [
      scan('product', {
        facts: { gtin14: ARTICLE, serial: `${'S'.repeat(56 - LONG.length)}SS`, digitalLink: 'yes' },
      }),
    ],
  },
  {
    name: 'another code instead of the rest',
    profile: 'hidpos A',
    chunks: [posReport(first, { aim, isContinued: true }), posReport(EAN, { aim: ']E0' })],
    events: [error('partial'), product(EAN, GTIN)],
  },
  {
    name: 'bytes behind the length are stale',
    profile: 'hidpos B',
    chunks: [`020D${hex(`${EAN}${CARD}`)}[00x33]`],
    events: [product(EAN, GTIN)],
  },
  { name: 'an empty report is nothing', profile: 'hidpos A', chunks: ['0200[00x62]'], events: [] },
  {
    name: 'a report cut short',
    profile: 'hidpos A',
    chunks: [`020D${hex(']E0400638')}`],
    events: [error('length')],
  },
  {
    name: 'a report of sixty-two bytes',
    profile: 'hidpos A',
    chunks: [`020D${hex(`]E0${EAN}`)}[00x44]`],
    events: [product(EAN, GTIN)],
  },
  {
    name: 'a length that fits the report and is longer than its data can be',
    profile: 'hidpos B',
    chunks: ['0239[41x57][00x5]'],
    events: [error('length')],
  },
  { name: 'a report of its id alone', profile: 'hidpos A', chunks: ['02'], events: [error('length')] },
  {
    name: 'a payment card in a report',
    profile: 'hidpos A',
    chunks: [posReport('4111111111111111', { aim: ']C0' })],
    events: [blocked('411111******1111')],
  },
  {
    name: 'a continued code beyond any symbol',
    profile: 'hidpos A',
    chunks: Array.from({ length: 147 }, () => posReport('A'.repeat(56), { aim, isContinued: true })),
    events: [error('overlong')],
  },
  {
    name: 'a wedge at five milliseconds',
    profile: 'wedge',
    chunks: [`keys "${CARD}" gap 5 ms + Enter`],
    events: [member(CARD)],
  },
  {
    name: 'a wedge at thirty-five milliseconds with Tab',
    profile: 'wedge',
    chunks: [`keys "${EAN}" gap 35 ms + Tab`],
    events: [product(EAN, GTIN)],
  },
  {
    name: 'five keys are typing, however fast',
    profile: 'wedge',
    chunks: ['keys "12345" gap 5 ms + Enter'],
    events: [],
  },
  {
    name: 'a wedge with AIM',
    profile: 'wedge',
    chunks: [`keys "]C0${CARD}" + Enter`],
    events: [member(CARD, { aim: ']C0' })],
  },
  {
    name: 'a wedge with GS as Ctrl and a bracket',
    profile: 'wedge',
    chunks: [`keys "]C101${ARTICLE}10A\x1d21B" + Enter`],
    events: [scan('product', { facts: { gtin14: ARTICLE, lot: 'A', serial: 'B' } })],
  },
  {
    name: 'a card reader that types a payment card',
    profile: 'wedge',
    chunks: ['keys ";4111111111111111=29121010000000000000?" + Enter'],
    events: [blocked('411111******1111')],
  },
  {
    name: 'a card reader that types an own card',
    profile: 'wedge',
    chunks: [`keys ";${CARD}=4912?" + Enter`],
    events: [member(CARD, { symbology: 'msr' })],
  },
  {
    name: 'a payment card torn off in mid-track',
    profile: 'wedge prefix=F9',
    chunks: ['F9 keys ";4111111111111111=29" + Enter'],
    events: [blocked('411111******1111')],
  },
  {
    name: 'prefix mode takes short and slow codes',
    profile: 'wedge prefix=F9',
    chunks: ['F9 keys "ab1" gap 100 ms + Enter'],
    events: [scan('unknown', { text: 'ab1' })],
  },
  {
    name: 'prefix mode takes nothing without its key',
    profile: 'wedge prefix=F9',
    chunks: [`keys "${CARD}" + Enter`],
    events: [],
  },
  {
    name: 'a whole card of codes on AZERTY',
    profile: 'wedge layout=us',
    chunks: [
      'codes Digit4 Digit0 Digit0 Digit6 Digit3 Digit8 Digit1 Digit3 Digit3 Digit3 Digit9 Digit3 Digit1 on an AZERTY OS',
    ],
    events: [product(EAN, GTIN)],
  },
  {
    name: 'the same card twice within a second and a half',
    profile: 'wedge',
    chunks: [`keys "${CARD}" + Enter`, `keys "${CARD}" + Enter`],
    events: [member(CARD), { type: 'suppressed', why: 'double-read' }],
  },
];
