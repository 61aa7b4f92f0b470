import { error, hex, raw, scan, sent, withParity, type ExpectedEvent, type Vector } from './vector.ts';

const text = (words: string): ExpectedEvent => scan('unknown', { text: words, issues: [] });
const EAN = '4006381333931';
const MINGZI = '王小明';
const UTF8 = hex(MINGZI);
const SHIFT_JIS = raw(0x89, 0xa4, 0x8f, 0xac, 0x96, 0xbe);
const GB18030 = raw(0xcd, 0xf5, 0xd0, 0xa1, 0xc3, 0xf7);
const BIG5 = raw(0xa4, 0xfd, 0xa4, 0x70, 0xa9, 0xfa);

/** Character sets, frames, noise, hostile texts. */
export const textVectors: readonly Vector[] = [
  {
    name: 'UTF-8 without an ECI',
    profile: 'aim cr',
    chunks: [`${hex(']Q1')}${UTF8}0D`],
    events: [text(MINGZI)],
  },
  {
    name: 'UTF-8 by ECI 26',
    profile: 'aim cr',
    chunks: [`${hex(']Q2\\000026')}${UTF8}0D`],
    events: [text(MINGZI)],
  },
  {
    name: 'Shift-JIS by ECI 20',
    profile: 'aim cr',
    chunks: [`${hex(']Q2\\000020')}${SHIFT_JIS}0D`],
    events: [text(MINGZI)],
  },
  {
    name: 'GB 18030 by ECI 32',
    profile: 'aim cr',
    chunks: [`${hex(']z3\\000032')}${GB18030}0D`],
    events: [text(MINGZI)],
  },
  {
    name: 'GBK by ECI 31',
    profile: 'aim cr',
    chunks: [`${hex(']Q2\\000031')}${GB18030}0D`],
    events: [text(MINGZI)],
  },
  {
    name: 'Big5 by ECI 28',
    profile: 'aim cr',
    chunks: [`${hex(']d4\\000028')}${BIG5}0D`],
    events: [text(MINGZI)],
  },
  {
    name: 'two sets in one code',
    profile: 'aim cr',
    chunks: [`${hex(']Q2A\\000020')}${SHIFT_JIS}${hex('\\000032')}${GB18030}${hex('\\000003é')}0D`],
    events: [text(`A${MINGZI}${MINGZI}é`)],
  },
  {
    name: 'code page 437 by ECI 2',
    profile: 'aim cr',
    chunks: [`${hex(']L1\\000002')}${raw(0x81, 0xe1)}0D`],
    events: [text('üß')],
  },
  {
    name: 'Cyrillic by ECI 7',
    profile: 'aim cr',
    chunks: [`${hex(']L1\\000007')}${raw(0xbc, 0xd8, 0xe0)}0D`],
    events: [text('Мир')],
  },
  {
    name: 'UTF-16 by ECI 25',
    profile: 'aim cr',
    chunks: [`${hex(']Q2\\000025')}${raw(0x73, 0x8b)}0D`],
    events: [text('王')],
  },
  {
    name: 'an ECI that nobody knows',
    profile: 'aim cr',
    chunks: [`${hex(']Q2\\000777A')}0D`],
    events: [scan('unknown', { text: 'A', issues: ['eci-unknown(777)'] })],
  },
  {
    name: 'bytes that are not of their set',
    profile: 'aim cr',
    chunks: [`${hex(']Q2\\000026')}${raw(0xc3, 0x28)}0D`],
    events: [scan('unknown', { text: 'Ã(', issues: ['encoding'] })],
  },
  {
    name: 'a backslash without six digits is a backslash',
    profile: 'aim cr',
    chunks: [sent(']Q2C:\\temp\\00002')],
    events: [text('C:\\temp\\00002')],
  },
  {
    name: 'without the modifier an escape is text',
    profile: 'aim cr',
    chunks: [sent(']Q1\\000026A')],
    events: [text('\\000026A')],
  },
  { name: 'Latin-1 without an ECI', profile: 'cr', chunks: [sent('Müller')], events: [text('Müller')] },
  {
    name: 'GB 18030 without an ECI where the profile says so',
    profile: 'aim cr gb18030',
    chunks: [`${hex(']Q1')}${GB18030}0D`],
    events: [text(MINGZI)],
  },
  {
    name: 'Shift-JIS without an ECI where the profile says so',
    profile: 'aim cr shift_jis',
    chunks: [`${hex(']Q1')}${SHIFT_JIS}0D`],
    events: [text(MINGZI)],
  },
  {
    name: 'an address in ECI UTF-8 is still a Digital Link',
    profile: 'aim cr',
    chunks: [sent(']Q2\\000026https://x.example/01/09506000134352')],
    events: [scan('product')],
  },
  {
    name: 'an AIM identifier of another letter',
    profile: 'aim cr',
    chunks: [sent(']X0BOOK')],
    events: [scan('unknown', { symbology: 'other', text: 'BOOK', aim: ']X0' })],
  },
  {
    name: 'Code 39 with any modifier',
    profile: 'aim cr',
    chunks: [sent(']A7CODE39'), sent(']A0CODE-B')],
    events: [scan('unknown', { symbology: 'code39' }), scan('unknown', { symbology: 'code39' })],
  },
  { name: 'an identifier alone is nothing', profile: 'aim cr', chunks: [sent(']C0')], events: [] },
  {
    name: 'AIM where no identifiers are expected',
    profile: 'cr',
    chunks: [sent(']C0AB')],
    events: [scan('unknown', { text: ']C0AB', issues: ['unconfigured-aim', 'suggest(aim)'] })],
  },
  {
    name: 'Zebra’s Code-ID where none is expected',
    profile: 'cr',
    chunks: [sent(`A${EAN}`)],
    events: [scan('unknown', { issues: ['unconfigured-code-id', 'suggest(zebra-id)'] })],
  },
  {
    name: 'a Code-ID that the scheme does not have',
    profile: 'honeywell-id cr',
    chunks: [sent('?ABC')],
    events: [scan('unknown', { text: '?ABC', isDeclared: false })],
  },
  {
    name: 'no terminator: nothing comes but a loss',
    profile: 'cr',
    chunks: [sent(EAN, '')],
    events: [error('partial')],
  },
  {
    name: 'no terminator where silence is the end',
    profile: 'idle',
    chunks: [sent(EAN, '')],
    events: [scan('product')],
  },
  {
    name: 'silence between two codes without terminators',
    profile: 'aim idle',
    chunks: [sent(`]E0${EAN}`, ''), '+60ms', sent(']E496385074', '')],
    events: [scan('product'), scan('product', { text: '96385074' })],
  },
  {
    name: 'a rest that comes too late is not joined',
    profile: 'cr',
    chunks: [hex('40063'), '+250ms', sent('81333931')],
    events: [error('partial'), error('check-digit')],
  },
  {
    name: 'a rest that comes in time is joined',
    profile: 'cr',
    chunks: [hex('40063'), '+199ms', sent('81333931')],
    events: [scan('product')],
  },
  {
    name: 'CR LF apart in two chunks',
    profile: 'crlf',
    chunks: [hex(`${EAN}\r`), hex(`\n96385074\r\n`)],
    events: [scan('product'), scan('product')],
  },
  {
    name: 'CR LF under a profile for CR alone',
    profile: 'cr',
    chunks: [sent(EAN, '\r\n') + sent('96385074', '\r\n')],
    events: [scan('product', { issues: [] }), scan('product', { issues: [] })],
  },
  { name: 'a tab ends', profile: 'tab', chunks: [sent(EAN, '\t')], events: [scan('product')] },
  {
    name: 'STX and ETX around AIM',
    profile: 'stx-etx',
    chunks: [hex(`\x02]E0${EAN}\x03`)],
    events: [scan('product', { aim: ']E0' })],
  },
  {
    name: 'noise outside STX and ETX is nothing',
    profile: 'stx-etx',
    chunks: [hex(`ab\x02${EAN}\x03cd\r\n`)],
    events: [scan('product')],
  },
  {
    name: 'a frame longer than any code',
    profile: 'cr',
    chunks: [`[41x8193]${sent('', '\r')}${sent(EAN)}`],
    events: [error('overlong'), scan('product')],
  },
  {
    name: 'ACK and NAK between two codes',
    profile: 'cr',
    chunks: [`06${sent(EAN)}15`],
    events: [{ type: 'reply', reply: 'ack' }, scan('product'), { type: 'reply', reply: 'nak' }],
  },
  {
    name: 'odd parity on a line of eight bits',
    profile: 'cr',
    chunks: [withParity(`${EAN}\r`, 'odd')],
    events: [error('parity-suspect', 'set the line to 7 data bits, odd parity')],
  },
  {
    name: 'even parity of a code with letters',
    profile: 'cr',
    chunks: [withParity('TW1.abc.def.ghi\r', 'even')],
    events: [error('parity-suspect', 'set the line to 7 data bits, even parity')],
  },
  {
    name: 'noise at the end',
    profile: 'cr',
    chunks: [`${hex(EAN)}FF000D`],
    events: [scan('product', { issues: ['line-noise(2)'] })],
  },
  { name: 'noise alone', profile: 'cr', chunks: ['00FF00FF0D'], events: [] },
  {
    name: 'hostile: script, SQL, path',
    profile: 'aim cr',
    chunks: [sent(']Q1<script>alert(1)</script>'), sent("]Q1' OR 1=1;--"), sent(']Q1../../etc/passwd')],
    events: [text('<script>alert(1)</script>'), text("' OR 1=1;--"), text('../../etc/passwd')],
  },
  {
    name: 'hostile: control signs',
    profile: 'aim cr',
    chunks: [sent(']Q1A\x00\x07\x1bB')],
    events: [scan('unknown', { issues: ['control-characters'] })],
  },
  {
    name: 'hostile: eight thousand signs',
    profile: 'aim cr',
    chunks: [`${hex(']Q1')}[41x8000]0D`],
    events: [scan('unknown', { text: 'A'.repeat(8000) })],
  },
  {
    name: 'hostile: a wallet prefix and spaces',
    profile: 'aim cr',
    chunks: [sent(']Q1TW1. OR 1=1')],
    events: [scan('unknown')],
  },
];
