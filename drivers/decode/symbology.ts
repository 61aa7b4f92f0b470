/** `ean-add-on`: the two or five digits beside a main symbol, sent on their own. `msr`: a magnetic stripe. */
export type Symbology =
  | 'ean13'
  | 'ean8'
  | 'upca'
  | 'upce'
  | 'ean-add-on'
  | 'code128'
  | 'gs1-128'
  | 'databar'
  | 'gs1-composite'
  | 'datamatrix'
  | 'gs1-datamatrix'
  | 'qr'
  | 'gs1-qr'
  | 'code39'
  | 'itf'
  | 'codabar'
  | 'code93'
  | 'code11'
  | 'pdf417'
  | 'msi'
  | '2of5'
  | 'maxicode'
  | 'aztec'
  | 'gs1-aztec'
  | 'codablock'
  | 'dotcode'
  | 'gs1-dotcode'
  | 'msr'
  | 'other'
  | 'unknown';

/** `retail` symbols hold EAN and UPC numbers, `gs1` ones element strings; both never cards. */
type Family = 'retail' | 'gs1' | 'flat' | 'none';

interface Declared {
  readonly symbology: Symbology;
  /** The text holds escapes `\nnnnnn` that switch the character set, and doubled backslashes. */
  readonly hasEci: boolean;
}

const plain = (symbology: Symbology): Declared => ({ symbology, hasEci: false });
const withEci = (symbology: Symbology): Declared => ({ symbology, hasEci: true });

/** By code character; those whose modifier matters follow in `MODIFIED`. Source: ISO/IEC 15424. */
const BY_CHARACTER: Readonly<Record<string, Declared>> = {
  E: plain('ean13'),
  C: plain('code128'),
  e: plain('databar'),
  d: plain('datamatrix'),
  Q: plain('qr'),
  A: plain('code39'),
  I: plain('itf'),
  F: plain('codabar'),
  G: plain('code93'),
  H: plain('code11'),
  L: plain('pdf417'),
  M: plain('msi'),
  R: plain('2of5'),
  S: plain('2of5'),
  U: plain('maxicode'),
  z: plain('aztec'),
  O: plain('codablock'),
  J: plain('dotcode'),
  X: plain('other'),
};

const MODIFIED: Readonly<Record<string, Declared>> = {
  E1: plain('ean-add-on'),
  E2: plain('ean-add-on'),
  E4: plain('ean8'),
  C1: plain('gs1-128'),
  e1: plain('gs1-composite'),
  e2: plain('gs1-composite'),
  d2: plain('gs1-datamatrix'),
  d4: withEci('datamatrix'),
  d5: withEci('gs1-datamatrix'),
  d6: withEci('datamatrix'),
  Q2: withEci('qr'),
  Q3: plain('gs1-qr'),
  Q4: withEci('gs1-qr'),
  Q6: withEci('qr'),
  L1: withEci('pdf417'),
  U2: withEci('maxicode'),
  U3: withEci('maxicode'),
  z1: plain('gs1-aztec'),
  z3: withEci('aztec'),
  z4: withEci('gs1-aztec'),
  z5: withEci('aztec'),
  J1: plain('gs1-dotcode'),
};

const OTHER = plain('other');

/** @param aim Three characters, as `]C1`. One that is not in the standard is `other`. */
export const readAim = (aim: string): Declared =>
  MODIFIED[aim.slice(1)] ?? BY_CHARACTER[aim.charAt(1)] ?? OTHER;

const FAMILIES: Readonly<Partial<Record<Symbology, Family>>> = {
  ean13: 'retail',
  ean8: 'retail',
  upca: 'retail',
  upce: 'retail',
  'ean-add-on': 'retail',
  'gs1-128': 'gs1',
  databar: 'gs1',
  'gs1-composite': 'gs1',
  'gs1-datamatrix': 'gs1',
  'gs1-qr': 'gs1',
  'gs1-aztec': 'gs1',
  'gs1-dotcode': 'gs1',
  datamatrix: 'flat',
  qr: 'flat',
  pdf417: 'flat',
  aztec: 'flat',
  maxicode: 'flat',
  dotcode: 'flat',
};

export const isRetail = (symbology: Symbology): boolean => FAMILIES[symbology] === 'retail';
export const isGs1 = (symbology: Symbology): boolean => FAMILIES[symbology] === 'gs1';
/** A two-dimensional code, which holds texts and addresses. */
export const isFlat = (symbology: Symbology): boolean => FAMILIES[symbology] === 'flat';
