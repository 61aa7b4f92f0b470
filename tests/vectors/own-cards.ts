import {
  blocked,
  DOUBLE,
  error,
  hex,
  member,
  scan,
  sent,
  swipeReport,
  withLrc,
  type Vector,
} from './vector.ts';

const CARD = '6035550000001230';
const OTHER_CARD = '6035550000001248';
const OWN_1 = `%B${CARD}^MEMBER/GOLD^4912000?`;
const OWN_2 = `;${CARD}=49120000000000000000?`;
const PAN = '4111111111111111';
const PAN_1 = `%B${PAN}^DOE/JANE^29121010000000000?`;
const PAN_2 = `;${PAN}=29121010000000000000?`;
const MASKED = '411111******1111';
const WALLET = 'TW1.eyJtIjoiMTIzNCJ9';

/** Members, wallets, phones, and everything that must be refused. */
export const cardVectors: readonly Vector[] = [
  {
    name: 'own card, wrong Luhn digit',
    profile: 'aim cr',
    chunks: [sent(']C06035550000001231')],
    events: [error('luhn')],
  },
  {
    name: 'own card, two digits swapped',
    profile: 'cr',
    chunks: [sent('6035550000002130')],
    events: [error('luhn')],
  },
  {
    name: 'own card, printed in groups',
    profile: 'cr',
    chunks: [sent('6035 5500 0000 1230')],
    events: [member(CARD)],
  },
  {
    name: 'own card twice within a second and a half',
    profile: 'cr',
    chunks: [sent(CARD), '+1499ms', sent(CARD), '+1ms', sent(CARD)],
    events: [member(CARD), DOUBLE, member(CARD)],
  },
  {
    name: 'two own cards at once',
    profile: 'cr',
    chunks: [sent(CARD) + sent(OTHER_CARD)],
    events: [member(CARD), member(OTHER_CARD)],
  },
  {
    name: 'own card in Code 39 and in Codabar',
    profile: 'honeywell-id cr',
    chunks: [sent(`b${CARD}`), sent(`a${OTHER_CARD}`)],
    events: [member(CARD, { symbology: 'code39' }), member(OTHER_CARD, { symbology: 'codabar' })],
  },
  {
    name: 'an own prefix declared as EAN is no card',
    profile: 'aim cr',
    chunks: [sent(`]E0${CARD}`)],
    events: [error('length')],
  },
  {
    name: 'sixteen digits of another chain',
    profile: 'aim cr',
    chunks: [sent(']C09999990000001236')],
    events: [scan('unknown', { text: '9999990000001236' })],
  },
  {
    name: 'an own number inside a longer text is nobody',
    profile: 'aim cr',
    chunks: [sent(`]Q1x${CARD}`)],
    events: [scan('unknown')],
  },
  {
    name: 'a wallet code that rotates is the same code',
    profile: 'aim cr',
    chunks: [sent(`]Q1${WALLET}.314159.c2ln`), '+900ms', sent(`]Q1${WALLET}.271828.b3Ro`)],
    events: [scan('wallet'), DOUBLE],
  },
  {
    name: 'two wallets are two',
    profile: 'aim cr',
    chunks: [sent(`]Q1${WALLET}.1.a`), sent(']Q1TW1.abc.1.a')],
    events: [scan('wallet'), scan('wallet', { text: 'TW1.abc.1.a' })],
  },
  { name: 'a wallet prefix alone', profile: 'aim cr', chunks: [sent(']Q1TW1.')], events: [scan('unknown')] },
  {
    name: 'a wallet in Aztec',
    profile: 'aim cr',
    chunks: [sent(`]z0${WALLET}`)],
    events: [scan('wallet', { symbology: 'aztec', text: WALLET })],
  },
  {
    name: 'phone as people write it',
    profile: 'aim cr',
    chunks: [sent(']Q1tel:+65 9123-4567;ext=1')],
    events: [scan('phone', { text: '+6591234567' })],
  },
  {
    name: 'phone without a country',
    profile: 'aim cr',
    chunks: [sent(']Q1TEL:91234567')],
    events: [scan('phone', { text: '91234567' })],
  },
  {
    name: 'phone too long',
    profile: 'aim cr',
    chunks: [sent(']Q1+1234567890123456')],
    events: [scan('unknown')],
  },
  {
    name: 'a plus in Code 128 is no phone',
    profile: 'aim cr',
    chunks: [sent(']C0+4915112345678')],
    events: [scan('unknown')],
  },
  {
    name: 'bare digits of a phone are none',
    profile: 'aim cr',
    chunks: [sent(']Q191234567')],
    events: [scan('unknown', { text: '91234567' })],
  },
  {
    name: 'payment card printed in groups',
    profile: 'cr',
    chunks: [sent('4111-1111-1111-1111')],
    events: [blocked(MASKED)],
  },
  {
    name: 'payment card of fifteen digits',
    profile: 'aim cr',
    chunks: [sent(']C0378282246310005')],
    events: [blocked('378282*****0005')],
  },
  {
    name: 'payment card behind a Code-ID',
    profile: 'zebra-id crlf',
    chunks: [sent(`D${PAN}`, '\r\n')],
    events: [blocked(MASKED)],
  },
  {
    name: 'payment card behind a Code-ID that is not expected',
    profile: 'cr',
    chunks: [sent(`j${PAN}`)],
    events: [blocked(MASKED)],
  },
  {
    name: 'payment card inside a text that no rule knows',
    profile: 'aim cr',
    chunks: [sent(`]Q1card ${PAN} exp 12/29`)],
    events: [blocked(MASKED)],
  },
  {
    name: 'payment card in an address',
    profile: 'aim cr',
    chunks: [sent(`]Q1https://x.example/?n=${PAN}`)],
    events: [blocked(MASKED)],
  },
  {
    name: 'payment card in fifty chunks',
    profile: 'cr',
    chunks: Array.from(`${PAN}\r`, hex),
    events: [blocked(MASKED)],
  },
  {
    name: 'payment card behind noise',
    profile: 'cr',
    chunks: [`00FF${sent(PAN)}`],
    events: [blocked(MASKED)],
  },
  {
    name: 'sixteen digits that fail Luhn are no card',
    profile: 'cr',
    chunks: [sent('4111111111111112')],
    events: [scan('unknown')],
  },
  {
    name: 'tracks of a payment card on any line',
    profile: 'cr',
    chunks: [sent(PAN_1 + PAN_2)],
    events: [blocked(MASKED)],
  },
  {
    name: 'a track that is torn behind the number',
    profile: 'cr',
    chunks: [hex(`;${PAN}=2912`)],
    events: [blocked(MASKED)],
  },
  {
    name: 'a track in two chunks with a pause',
    profile: 'stx-etx',
    chunks: [hex(`\x02;${PAN}=`), '+50ms', hex('29121010?\x03')],
    events: [blocked(MASKED)],
  },
  {
    name: 'payment card at a reader of text',
    profile: 'msr text cr',
    chunks: [sent(PAN_1 + PAN_2)],
    events: [blocked(MASKED)],
  },
  {
    name: 'a gift card is refused too',
    profile: 'msr text cr',
    chunks: [sent(';7083059900001234567=99990000?')],
    events: [blocked('708305*********4567')],
  },
  {
    name: 'a stripe that holds no account',
    profile: 'msr text cr',
    chunks: [sent('%ABCDEF?')],
    events: [blocked(null)],
  },
  {
    name: 'a licence’s first track',
    profile: 'msr text cr',
    chunks: [sent('%CALOS ANGELES^DOE$JANE^123 MAIN ST^?')],
    events: [scan('id-document', { text: '' })],
  },
  {
    name: 'a licence’s second track',
    profile: 'msr text cr',
    chunks: [sent(';636000123456789=251219860101?')],
    events: [scan('id-document', { text: '' })],
  },
  {
    name: 'own card, second track only',
    profile: 'msr text cr',
    chunks: [sent(OWN_2)],
    events: [member(CARD, { facts: { tracks: '2', expiry: '4912' } })],
  },
  {
    name: 'own card, first track unread',
    profile: 'msr text cr',
    chunks: [sent(`%E?${OWN_2}`)],
    events: [member(CARD, { issues: ['track-unread'] })],
  },
  {
    name: 'own card without an expiry',
    profile: 'msr text cr',
    chunks: [sent(`;${CARD}==?`)],
    events: [member(CARD, { facts: { tracks: '2' } })],
  },
  {
    name: 'tracks that do not agree',
    profile: 'msr text cr',
    chunks: [sent(`%B${OTHER_CARD}^M/G^4912?${OWN_2}`)],
    events: [error('msr-read', 'swipe again')],
  },
  {
    name: 'no track could be read',
    profile: 'msr text cr',
    chunks: [sent('%E?;E?')],
    events: [error('msr-read', 'swipe again')],
  },
  {
    name: 'a track without its end',
    profile: 'msr text cr',
    chunks: [sent(`;${CARD}=4912`)],
    events: [error('msr-read', 'swipe again')],
  },
  {
    name: 'own track, wrong Luhn digit',
    profile: 'msr text cr',
    chunks: [sent(';6035550000001231=4912?')],
    events: [error('luhn')],
  },
  {
    name: 'own first track with its check character',
    profile: 'msr raw lrc',
    chunks: [hex(withLrc(OWN_1) + withLrc(OWN_2))],
    events: [member(CARD, { facts: { tracks: '1+2', expiry: '4912' } })],
  },
  {
    name: 'one check character of two wrong',
    profile: 'msr raw lrc',
    chunks: [hex(`${withLrc(OWN_1)}${OWN_2}0`)],
    events: [error('lrc')],
  },
  {
    name: 'own card, second track of a report',
    profile: 'msr vendor 337',
    chunks: [swipeReport(['', OWN_2])],
    events: [member(CARD)],
  },
  {
    name: 'own card, first track bad in a report',
    profile: 'msr vendor 337',
    chunks: [swipeReport(['%B60355', OWN_2], { status: [1, 0, 0] })],
    events: [member(CARD, { issues: ['track-unread'] })],
  },
  {
    name: 'payment card on the second track of a report',
    profile: 'msr vendor 337',
    chunks: [swipeReport(['', PAN_2])],
    events: [blocked(MASKED)],
  },
  {
    name: 'a length that is longer than a track',
    profile: 'msr vendor 337',
    chunks: [`0000007F0000[00x331]`],
    events: [error('length')],
  },
  {
    name: 'a report of another size',
    profile: 'msr vendor 337',
    chunks: ['000000[00x61]'],
    events: [error('length')],
  },
  {
    name: 'a licence by its encoding',
    profile: 'msr vendor 337',
    chunks: [swipeReport(['%ABC?'], { encoding: 1 })],
    events: [scan('id-document', { text: '' })],
  },
  {
    name: 'a blank card',
    profile: 'msr vendor 337',
    chunks: [swipeReport([], { encoding: 3 })],
    events: [error('msr-read', 'swipe again')],
  },
  {
    name: 'the encrypting model’s tracks are longer',
    profile: 'msr vendor 337',
    chunks: [swipeReport([OWN_1, OWN_2], { trackBytes: 112 })],
    events: [member(CARD)],
  },
  {
    name: 'bytes behind a track’s length are stale',
    profile: 'msr vendor 337',
    chunks: [`000000001D00 00 [00x110] ${hex(`;${CARD}=4912000000?`)} ${hex(PAN_2)} [00x42] [00x110]`],
    events: [member(CARD)],
  },
  {
    name: 'own card in ID TECH’s native form',
    profile: 'msr idtech',
    chunks: [`000000 00 26 00 00 0026 ${hex(OWN_2)} [00x462]`],
    events: [member(CARD)],
  },
  {
    name: 'a licence in STX and ETX',
    profile: 'stx-etx',
    chunks: [hex('\x02]L0@\n\x1e\rANSI 636000090002DL00410278DAQT1234\rDCSDOE\r\x03')],
    events: [scan('id-document', { text: '' })],
  },
  {
    name: 'a licence in pieces, then a product',
    profile: 'aim cr',
    chunks: [hex(']L0@\n\x1e\rANSI 636000090002DL00410278\rDAQT1234\rDCSDOE\r'), sent(']E04006381333931')],
    events: [scan('id-document'), scan('product')],
  },
  {
    name: 'a licence of the oldest kind',
    profile: 'aim cr',
    chunks: [sent(']L0@\n\x1e')],
    events: [scan('id-document')],
  },
];
