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
}

/**
 * Honeywell and Youjie: the command, a full stop that saves it, FNC3 at the end (user guides of Xenon and Voyager; the
 * form of the code at accuratedata.com). The others' codes are not in any public text that we found.
 */
const HONEYWELL: MakerModes = {
  maker: 'Honeywell',
  codes: [
    { mode: 'hid-pos', code: 'PAP131.^FNC3' },
    { mode: 'serial', code: 'TRMUSB130.^FNC3' },
  ],
  names: { 'hid-pos': 'USB HID', serial: 'USB Serial' },
};

const named = (maker: string, hidPos: string, serial: string): MakerModes => ({
  maker,
  codes: [],
  names: { 'hid-pos': hidPos, serial },
});

/** By USB vendor. */
const MAKERS: Readonly<Record<number, MakerModes>> = {
  0x05_e0: named('Zebra', 'HID POS', 'USB CDC Host'),
  0x05_f9: named('Datalogic', 'USB-OEM / HID POS', 'USB-COM'),
  0x06_5a: named('Opticon', 'USB-HID POS', 'USB-VCP'),
  0x0c_2e: HONEYWELL,
  0x1e_ab: named('Newland', 'HID-POS', 'USB CDC'),
  0x23_d0: { ...HONEYWELL, maker: 'Youjie' },
};

/** All of them, for a scanner that does not say who made it. */
export const ALL_MAKERS: readonly MakerModes[] = Object.values(MAKERS);

export const modesOf = (vendorId: number | null): MakerModes | null =>
  vendorId === null ? null : (MAKERS[vendorId] ?? null);
