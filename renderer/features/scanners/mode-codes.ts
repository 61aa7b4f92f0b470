/** A barcode that brings a scanner out of its keyboard mode. */
export interface ModeCode {
  readonly mode: 'hid-pos' | 'serial';
  /** As drawn: Code 128, `^FNC3` is the sign that says "a setting, no text". */
  readonly code: string;
}

export interface MakerModes {
  readonly maker: string;
  /** Empty: this maker's are printed in its manual only, under the names in `pages`. */
  readonly codes: readonly ModeCode[];
  /** What the maker calls the two modes. */
  readonly names: Readonly<Record<ModeCode['mode'], string>>;
  /** Where they are printed, as the maker's manual calls it; empty where that is not known, or not needed. */
  readonly chapter: string;
}

/**
 * Honeywell and Youjie: the command, a full stop that saves it, FNC3 at the end (user guides of Xenon and Voyager; the
 * form of the code at accuratedata.com; terminal ids 131 and 130 in the tables of the 3310g and 1450g guides).
 */
const HONEYWELL: MakerModes = {
  maker: 'Honeywell',
  codes: [
    { mode: 'hid-pos', code: 'PAP131.^FNC3' },
    { mode: 'serial', code: 'TRMUSB130.^FNC3' },
  ],
  names: { 'hid-pos': 'USB HID', serial: 'USB Serial' },
  chapter: '',
};

/**
 * Nadamoo, which has no USB number of its own: FNC3 in front (the setup page of drytoastman/scorekeeperbackend, which
 * draws it from the maker's sheet). It has no HID POS.
 */
const NADAMOO: MakerModes = {
  maker: 'Nadamoo',
  codes: [{ mode: 'serial', code: '^FNC3011991501' }],
  names: { 'hid-pos': '', serial: 'USB Virtual COM' },
  chapter: '',
};

const printed = (maker: string, [hidPos, serial]: readonly [string, string], chapter = ''): MakerModes => ({
  maker,
  codes: [],
  names: { 'hid-pos': hidPos, serial },
  chapter,
});

/** By USB vendor. */
const MAKERS: Readonly<Record<number, MakerModes>> = {
  // Its parameter barcodes hold a number that no public text of Zebra spells out.
  0x05_e0: printed('Zebra', ['HID POS', 'USB CDC Host'], 'USB Interface, USB Device Type'),
  0x05_f9: printed('Datalogic', ['USB-OEM / HID POS', 'USB-COM'], 'Interface Selection'),
  // One barcode can hold a menu command between "@MENU_OPTO@ZZ@" and "@ZZ@OTPO_UNEM@" (Opticon, M-10 specifications);
  // which command is which interface differs from model to model.
  0x06_5a: printed('Opticon', ['USB-HID POS', 'USB-VCP'], 'Universal Menu Book, Interface options'),
  0x0c_2e: HONEYWELL,
  0x1e_ab: printed('Newland', ['HID-POS', 'USB CDC'], 'USB Interface'),
  0x23_d0: { ...HONEYWELL, maker: 'Youjie' },
};

/** Known by what is printed on them: on the cable they are a keyboard like any other. */
const UNNUMBERED: readonly MakerModes[] = [
  NADAMOO,
  // Their "%%SpecCode" barcodes choose between Bluetooth, dongle and keyboard (juitnow/juit-alacrity-setup); none that
  // is public brings a USB cable out of its keyboard mode.
  printed('Netum, Inateck, Tera, Alacrity', ['USB HID POS', 'USB COM'], 'Connection'),
  printed('Sunmi', ['HID-POS', 'USB COM']),
];

/** All of them, for a scanner that does not say who made it. */
export const ALL_MAKERS: readonly MakerModes[] = [...Object.values(MAKERS), ...UNNUMBERED];

export const modesOf = (vendorId: number | null): MakerModes | null =>
  vendorId === null ? null : (MAKERS[vendorId] ?? null);
