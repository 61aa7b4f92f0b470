import type { ToneKind } from './profiles/makers.ts';
import type { SeenDevice } from './types.ts';

/** One beep says good, three say bad: makers have no common second tone. */
const BEEPS = { good: 1, bad: 3 } as const;
export type Tone = keyof typeof BEEPS;

const BEEP: Readonly<Record<Exclude<ToneKind, 'none'>, readonly number[]>> = {
  bel: [0x07],
  honeywell: [0x16, 0x07, 0x0d],
  cipherlab: [0x23, 0x40, 0x2f, 0x2f, 0x2f, 0x2f, 0x0d],
};
/** Honeywell takes its serial commands over HID in reports of this id, behind their length. */
const COMMAND_REPORT_ID = 0xfd;

/** What to write, in order, for a tone of a scanner; empty when it can not be asked. */
export function toneWrites(
  kind: ToneKind,
  tone: Tone,
  transport: SeenDevice['transport'],
): readonly Uint8Array[] {
  if (kind === 'none' || (transport === 'hid' && kind !== 'honeywell')) return [];
  const beep = BEEP[kind];
  const bytes = transport === 'hid' ? [COMMAND_REPORT_ID, beep.length, ...beep] : beep;
  return Array.from({ length: BEEPS[tone] }, () => Uint8Array.from(bytes));
}
