/** How a beep is asked of a scanner. `bel`: a BEL, where "beep on BEL" is switched on; makers ship it off. */
export type ToneKind = 'none' | 'bel' | 'honeywell' | 'cipherlab';

interface Maker {
  readonly name: string;
  readonly tone: ToneKind;
}

/** USB vendors that make scanners and stripe readers. What they make else is rarely on a till. */
const makers: Readonly<Record<number, Maker>> = {
  0x05_e0: { name: 'Zebra', tone: 'bel' },
  0x05_f9: { name: 'Datalogic', tone: 'bel' },
  0x06_5a: { name: 'Opticon', tone: 'none' },
  0x08_01: { name: 'MagTek', tone: 'none' },
  0x0a_cd: { name: 'ID TECH', tone: 'none' },
  0x0c_2e: { name: 'Honeywell', tone: 'honeywell' },
  0x1e_ab: { name: 'Newland', tone: 'none' },
  0x23_d0: { name: 'Youjie', tone: 'honeywell' },
};

export const makerIds = Object.keys(makers).map(Number);

export const findMaker = (vendorId: number | null): Maker | null =>
  vendorId === null ? null : (makers[vendorId] ?? null);
