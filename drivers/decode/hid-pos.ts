import { isAim } from './aim.ts';
import { toLatin1 } from './eci.ts';
import { FRAME_BYTES_MAX } from './framer.ts';
import { toError, type ScanError } from './scan-event.ts';

/** Input report of the scanned data (HID POS usage tables 1.02). */
const REPORT_ID = 0x02;
/** What one report holds at most; a length beyond is a lie. */
const REPORT_DATA_MAX = 56;
/** The next report of a long code comes within this, or not at all. */
export const CONTINUED_SILENCE_MS = 600;

/** Where a maker puts what, counted with the report id in front. */
interface Layout {
  /** -1: no AIM bytes. */
  readonly aimAt: number;
  readonly dataAt: number;
  readonly codeIdAt: number;
}
type LayoutName = 'A' | "A'" | 'B';
/** `auto`: by where the bytes look like an AIM identifier, until a check digit has proved one. */
export type HidPosLayout = LayoutName | 'auto';

const LAYOUTS: Readonly<Record<LayoutName, Layout>> = {
  // Honeywell, Access-IS, Datalogic, Zebra.
  A: { aimAt: 2, dataAt: 5, codeIdAt: 61 },
  // As seen by other readers of such reports: one byte further on.
  "A'": { aimAt: 3, dataAt: 6, codeIdAt: 62 },
  // Newland, ID TECH.
  B: { aimAt: -1, dataAt: 2, codeIdAt: 62 },
};
const CONTINUED_AT = 63;

/** `bytes` belong to the receiver, who wipes them. */
interface HidFrame {
  readonly type: 'frame';
  readonly bytes: Uint8Array;
  readonly aim: string | null;
  /** The maker's one-character name of the symbology; null when it sent none. */
  readonly codeId: string | null;
}

const isAimAt = (report: Uint8Array, at: number): boolean => isAim(toLatin1(report.subarray(at, at + 3)));
const isZeroAt = (report: Uint8Array, at: number): boolean =>
  report.subarray(at, at + 3).every((byte) => byte === 0);

/**
 * Joins reports of page 0x8C to codes. Pure but for the code under way; time is passed in; a code holds at
 * most `FRAME_BYTES_MAX` bytes. Never throws.
 */
export class HidPosReader {
  readonly #named: HidPosLayout;
  #locked: LayoutName | null = null;
  #seen: LayoutName = 'A';
  #parts: Uint8Array[] = [];
  #length = 0;
  #aim: string | null = null;
  #lastAtMs = Number.NEGATIVE_INFINITY;

  constructor(layout: HidPosLayout) {
    this.#named = layout;
  }

  /** @param report As the system delivers it, report id first; what is behind its length is stale. */
  push(report: Uint8Array, atMs: number): (HidFrame | ScanError)[] {
    const events = this.expire(atMs);
    this.#lastAtMs = atMs;
    if (report[0] !== REPORT_ID) return events;
    const event = this.#read(report);
    if (event !== null) events.push(...event);
    return events;
  }

  expire(atMs: number): (HidFrame | ScanError)[] {
    if (!this.isPending() || !(atMs - this.#lastAtMs >= CONTINUED_SILENCE_MS)) return [];
    return [this.#lose('partial')];
  }

  isPending(): boolean {
    return this.#parts.length > 0;
  }

  /** A check digit has proved the layout that was guessed. */
  lock(): void {
    if (this.#named === 'auto') this.#locked = this.#seen;
  }

  reset(): void {
    for (const part of this.#parts) part.fill(0);
    this.#parts = [];
    this.#length = 0;
  }

  #read(report: Uint8Array): (HidFrame | ScanError)[] | null {
    const length = report[1] ?? 0;
    const name = this.#layoutOf(report);
    const { aimAt, dataAt, codeIdAt } = LAYOUTS[name];
    if (length > REPORT_DATA_MAX || dataAt + length > report.length) {
      this.reset();
      return [toError('length', report.length, `length byte ${length} is beyond the report`)];
    }
    const hasAim = aimAt !== -1 && isAimAt(report, aimAt);
    if (aimAt !== -1 && !hasAim && !isZeroAt(report, aimAt)) {
      this.reset();
      return [toError('layout', report.length, 'try the profile hidpos B')];
    }
    this.#seen = name;
    const aim = hasAim ? toLatin1(report.subarray(aimAt, aimAt + 3)) : null;
    const events: (HidFrame | ScanError)[] = [];
    if (this.isPending() && aim !== this.#aim) events.push(this.#lose('partial'));
    this.#aim = aim;
    // Not `slice`: of a Buffer that is a view, and the caller wipes the report.
    if (length > 0) this.#parts.push(Uint8Array.from(report.subarray(dataAt, dataAt + length)));
    this.#length += length;
    // A report that is shorter than most has its flag in its last byte.
    const isContinued = ((report[Math.min(CONTINUED_AT, report.length - 1)] ?? 0) & 1) === 1;
    const isFlagged = isContinued && length === REPORT_DATA_MAX;
    if (this.#length > FRAME_BYTES_MAX) events.push(this.#lose('overlong'));
    else if (!isFlagged && this.isPending()) events.push(this.#join(aim, report[codeIdAt] ?? 0));
    return events;
  }

  #layoutOf(report: Uint8Array): LayoutName {
    if (this.#named !== 'auto') return this.#named;
    if (this.#locked !== null) return this.#locked;
    if (isAimAt(report, 2)) return 'A';
    return isAimAt(report, 3) ? "A'" : 'B';
  }

  #join(aim: string | null, codeId: number): HidFrame {
    const bytes = new Uint8Array(this.#length);
    let at = 0;
    for (const part of this.#parts) {
      bytes.set(part, at);
      at += part.length;
    }
    this.reset();
    return { type: 'frame', bytes, aim, codeId: codeId === 0 ? null : String.fromCharCode(codeId) };
  }

  #lose(why: 'partial' | 'overlong'): ScanError {
    const lost = toError(why, this.#length);
    this.reset();
    return lost;
  }
}
