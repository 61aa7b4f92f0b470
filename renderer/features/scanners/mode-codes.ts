/** How a scanner speaks to the till; `keyboard` is the way back. */
export type ScannerMode = 'hid-pos' | 'serial' | 'keyboard';

/** Barcodes that bring a scanner into a mode. */
export interface ModeWay {
  readonly mode: ScannerMode;
  /**
   * One to three, scanned in this order. As drawn: Code 128, `^FNC3` is the sign that says "a setting, no text",
   * `^013` a carriage return.
   */
  readonly steps: readonly string[];
  /** For which models the barcodes are known; empty: for all that have the mode. */
  readonly models: string;
  /** Worked out from the maker's numbering of its modes; the printed barcode was not seen. */
  readonly isDerived: boolean;
}

export interface MakerModes {
  readonly maker: string;
  /** The surest mode first. A mode that is missing here is printed in the maker's manual only, or not known. */
  readonly ways: readonly ModeWay[];
  /** What the maker calls its modes; empty where it has no such mode. */
  readonly names: Readonly<Record<ScannerMode, string>>;
  /** Where they are printed, as the maker's manual calls it; empty where that is not known, or not needed. */
  readonly chapter: string;
}

const way = (mode: ScannerMode, steps: readonly string[], models = ''): ModeWay => ({
  ...{ mode, steps, models },
  isDerived: false,
});

/**
 * Honeywell and Youjie: the command, a full stop that saves it, FNC3 at the end (user guides of Xenon and Voyager; the
 * form of the code at accuratedata.com; terminal ids 131 and 130 in the tables of the 3310g and 1450g guides).
 */
const HONEYWELL: MakerModes = {
  maker: 'Honeywell',
  ways: [way('hid-pos', ['PAP131.^FNC3']), way('serial', ['TRMUSB130.^FNC3'])],
  names: { 'hid-pos': 'USB HID', serial: 'USB Serial', keyboard: '' },
  chapter: '',
};

/**
 * FNC3, the command, a carriage return. Values from labels of the QuickScan QD2220 reference guide (ryarmst/BarProbe);
 * those of serial and keyboard mode agree with two further programs that make or send them (MinhNguyen3/AT_IF,
 * anders/td1100).
 */
const DATALOGIC: MakerModes = {
  maker: 'Datalogic',
  ways: [
    way('serial', ['^FNC3$P,HA47,P^013']),
    way('hid-pos', ['^FNC3$P,HA44,P^013'], 'QuickScan QD2200, QD2500'),
    way('keyboard', ['^FNC3$P,HA35,P^013']),
  ],
  names: { 'hid-pos': 'USB HID POS', serial: 'USB-COM-STD', keyboard: 'USB Keyboard' },
  chapter: 'Interface Selection',
};

const newland = (command: string): string[] => ['^FNC3@SETUPE1', `^FNC3${command}`, '^FNC3@SETUPE0'];
const NEWLAND_MODELS = 'FM430, WD4, LV3000U';

/**
 * Settings are opened, made and closed. Read off printed barcodes of the WD4 and of a scanner of the same family
 * (maxirmx/logibooks.ui, diegotacconi/TapExtensions); 3, 5 and 8 are the FM430's own numbers of its interfaces
 * (bitcoinvietnam/lamassu-machine). Older models speak otherwise.
 */
const NEWLAND: MakerModes = {
  maker: 'Newland',
  ways: [
    way('serial', newland('@INTERF8'), NEWLAND_MODELS),
    way('hid-pos', newland('@INTERF5'), NEWLAND_MODELS),
    way('keyboard', newland('@INTERF3'), NEWLAND_MODELS),
  ],
  names: { 'hid-pos': 'HID-POS', serial: 'USB CDC', keyboard: 'USB HID-KBW' },
  chapter: 'USB Interface',
};

/** Read off the printed barcodes in the maker's own manuals (OpticonOSEDevelopment/opn2500_opn6000_sdk). */
const OPTICON: MakerModes = {
  maker: 'Opticon',
  ways: [
    way('serial', ['^FNC3C01'], 'OPN-2500, OPN-6000'),
    way('keyboard', ['^FNC3SU'], 'OPN-2500, OPN-6000'),
  ],
  names: { 'hid-pos': 'USB-HID POS', serial: 'USB-VCP', keyboard: 'USB-HID' },
  chapter: 'Universal Menu Book, Interface options',
};

/**
 * FNC3, the number of the setting, the host mode in hex. Modes 1, 3, 8, 9 and 14 were read off printed barcodes and are
 * numbered alike in Zebra's Scanner SDK, which calls 11 "USB-CDC Serial Emulation". HID POS is in neither.
 */
const ZEBRA: MakerModes = {
  maker: 'Zebra',
  ways: [{ ...way('serial', ['^FNC3SXUAH2000B']), isDerived: true }, way('keyboard', ['^FNC3SXUAH20003'])],
  names: { 'hid-pos': 'HID POS', serial: 'USB CDC Host', keyboard: 'USB Keyboard HID' },
  chapter: 'USB Interface, USB Device Type',
};

/**
 * Without FNC3: read by a scanner that does not know it, it is a text like any other. Read off the printed barcodes in
 * the maker's manuals (netumscan/manual-build-internal), some 75 models that also work without a cable. None has HID
 * POS.
 */
const NETUM: MakerModes = {
  maker: 'Netum',
  ways: [way('serial', ['%#IFSNO$3']), way('keyboard', ['%#IFSNO$2'])],
  names: { 'hid-pos': '', serial: 'USB Cable as Virtual COM', keyboard: 'USB Cable as Keyboard' },
  chapter: 'Connection',
};

/**
 * Nadamoo, which has no USB number of its own: FNC3 in front (the setup page of drytoastman/scorekeeperbackend, which
 * draws it from the maker's sheet). It has no HID POS.
 */
const NADAMOO: MakerModes = {
  maker: 'Nadamoo',
  ways: [way('serial', ['^FNC3011991501'])],
  names: { 'hid-pos': '', serial: 'USB Virtual COM', keyboard: '' },
  chapter: '',
};

const printed = (maker: string, [hidPos, serial]: readonly [string, string], chapter = ''): MakerModes => ({
  maker,
  ways: [],
  names: { 'hid-pos': hidPos, serial, keyboard: '' },
  chapter,
});

/** By USB vendor. */
const MAKERS: Readonly<Record<number, MakerModes>> = {
  0x05_e0: ZEBRA,
  0x05_f9: DATALOGIC,
  0x06_5a: OPTICON,
  0x0c_2e: HONEYWELL,
  0x1e_ab: NEWLAND,
  0x23_d0: { ...HONEYWELL, maker: 'Youjie' },
};

/** Known by what is printed on them: on the cable they are a keyboard like any other. */
const UNNUMBERED: readonly MakerModes[] = [
  NADAMOO,
  NETUM,
  // Public texts have their symbology codes, none for the interface.
  printed('Inateck, Tera, Alacrity', ['USB HID POS', 'USB COM'], 'Connection'),
  printed('Sunmi', ['HID-POS', 'USB COM']),
];

/** All of them, for a scanner that does not say who made it. */
export const ALL_MAKERS: readonly MakerModes[] = [...Object.values(MAKERS), ...UNNUMBERED];

export const modesOf = (vendorId: number | null): MakerModes | null =>
  vendorId === null ? null : (MAKERS[vendorId] ?? null);
