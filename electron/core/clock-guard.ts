import type { Logger } from 'pino';
import { hlcMs } from '../../sync/base/clock.ts';
import type { LastOp } from '../../db/till/types.ts';
import type { CoreClock } from './system-clock.ts';
import type { TillSettings, TrustedClock } from './till-settings.ts';

const SAMPLES_MAX = 9;
/** An answer that contradicts the ones before by more: the machine slept, or the centre's clock was set. */
const BREAK_MS = 2_000;
/** A jump or a difference that is noted and shown; and what an op may be ahead by before that counts as proven. */
export const CLOCK_OFF_MS = 5 * 60_000;
const KEEP_EVERY_MS = 60_000;
/** Before this program was made: an answer from then is of a centre whose own clock is not set. */
const EARLIEST_MS = Date.UTC(2025, 0, 1);

/** One answer of the centre: its clock, and when the question left and the answer came, by `monotonicMs`. */
export interface TimeAnswer {
  serverTimeMs: number;
  sentMs: number;
  gotMs: number;
  /** The till's ops up to here were numbered before the centre looked at its clock. */
  hiTseq: number;
}

/**
 * The till's clock. `nowMs` is what the centre's clock says, as far as this till can know: a PC clock that is
 * wrong changes neither expiry nor business day nor the order of edits. Never before the last time that the
 * centre told, unless nine later answers in a row agree that it was ahead. A till that never met the centre has
 * only the PC's.
 */
export interface ClockGuard extends CoreClock {
  /** The PC's own clock, for the record only. */
  wallMs(): number;
  hear(answer: TimeAnswer): void;
  /**
   * The same clock for what can not be taken back: never ahead of what the centre has vouched for, which is its last
   * word and the time that this process has run since. Null before its first word: then no time is sure.
   */
  sureMs(): number | null;
  /** How far the PC's clock is ahead, negative when behind; 0 while it is right or nobody knows. */
  aheadMs(): number;
  /** What the PC's clock shows at a time of `nowMs`: for a screen that tells the time by it. */
  onPc(atMs: number): number;
  /** True when the centre had this op before a time that the op's own clock is well ahead of. */
  isProvenAhead(last: Pick<LastOp, 'tseq' | 'hlc'>): boolean;
}

interface Parts {
  clock: CoreClock;
  settings: Pick<TillSettings, 'trustedClock' | 'setTrustedClock'>;
  log: Logger;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((left, right) => left - right);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

/** The median of the last answers: what `monotonicMs` lacks to the centre's time. */
function createOffsets() {
  let offsets: number[] = [];
  return {
    add: (offsetMs: number): void => {
      const isBroken = offsets.length > 0 && Math.abs(offsetMs - median(offsets)) > BREAK_MS;
      offsets = isBroken ? [offsetMs] : [...offsets, offsetMs].slice(-SAMPLES_MAX);
    },
    get: (): number | null => (offsets.length === 0 ? null : median(offsets)),
    /** As many answers in a row agree as are kept; null while they do not. */
    agreed: (): number | null => (offsets.length < SAMPLES_MAX ? null : median(offsets)),
  };
}

/** Notes each time that the PC's clock is set while this process runs. */
function createJumpWatch({ clock, log }: Parts) {
  let relation = clock.nowMs() - clock.monotonicMs();
  return (): void => {
    const now = clock.nowMs() - clock.monotonicMs();
    const byMs = Math.round(now - relation);
    if (Math.abs(byMs) <= CLOCK_OFF_MS) return;
    relation = now;
    log.warn({ byMs }, 'the clock of this PC jumped');
  };
}

export function createClockGuard(parts: Parts): ClockGuard {
  const { clock, settings, log } = parts;
  const offsets = createOffsets();
  const watch = createJumpWatch(parts);
  let kept: TrustedClock | null = settings.trustedClock();
  let trusted = kept;
  /** Without a line since the start: the PC's clock, corrected as it was last known, and from there without it. */
  const startOffsetMs =
    kept === null ? null : Math.max(clock.nowMs() + kept.offsetMs, kept.trustedMs) - clock.monotonicMs();

  /** The centre's last word of before this start: real time is that, or later. */
  const sureAtStart = kept === null ? null : kept.trustedMs - clock.monotonicMs();

  const nowMs = (): number => {
    watch();
    const offsetMs = offsets.get() ?? startOffsetMs;
    if (offsetMs === null) return clock.nowMs();
    return Math.max(Math.round(clock.monotonicMs() + offsetMs), trusted?.trustedMs ?? 0);
  };
  const sureMs = (): number | null => {
    const offsetMs = offsets.get() ?? sureAtStart;
    return offsetMs === null ? null : Math.min(nowMs(), Math.round(clock.monotonicMs() + offsetMs));
  };
  /** Once a minute, or when it says something new: the file is not written to for every exchange. */
  const keep = (next: TrustedClock): void => {
    const isNews =
      kept === null ||
      Math.abs(next.trustedMs - kept.trustedMs) >= KEEP_EVERY_MS ||
      Math.abs(next.offsetMs - kept.offsetMs) > BREAK_MS;
    if (!isNews) return;
    settings.setTrustedClock(next);
    kept = next;
  };

  /** What was told last; less where it was one wrong answer, and all the later ones say so. */
  const floorMs = (): number => {
    const toldMs = trusted?.trustedMs ?? 0;
    const agreed = offsets.agreed();
    const agreedMs = agreed === null ? toldMs : Math.round(clock.monotonicMs() + agreed);
    if (toldMs - agreedMs <= CLOCK_OFF_MS) return toldMs;
    log.warn({ byMs: toldMs - agreedMs }, 'the centre once told a time that was ahead; it counts no more');
    return agreedMs;
  };

  const aheadMs = (): number => {
    const byMs = clock.nowMs() - nowMs();
    return Math.abs(byMs) > CLOCK_OFF_MS ? Math.round(byMs) : 0;
  };

  return {
    nowMs,
    sureMs,
    aheadMs,
    onPc: (atMs) => atMs + aheadMs(),
    monotonicMs: () => clock.monotonicMs(),
    wallMs: () => clock.nowMs(),
    hear: ({ serverTimeMs, sentMs, gotMs, hiTseq }) => {
      if (serverTimeMs < EARLIEST_MS) return;
      watch();
      const isFirst = offsets.get() === null;
      offsets.add(serverTimeMs - (sentMs + gotMs) / 2);
      const known = trusted;
      const trustedMs = Math.max(serverTimeMs, floorMs());
      const tseq = Math.max(hiTseq, known?.tseq ?? 0);
      trusted = { offsetMs: 0, trustedMs, tseq };
      trusted.offsetMs = Math.round(nowMs() - clock.nowMs());
      const byMs = known === null ? 0 : known.offsetMs - trusted.offsetMs;
      if (isFirst && Math.abs(byMs) > CLOCK_OFF_MS)
        log.warn({ byMs }, 'the clock of this PC was set while it was off or had no line');
      keep(trusted);
    },
    isProvenAhead: ({ tseq, hlc }) =>
      trusted !== null && tseq <= trusted.tseq && hlcMs(hlc) > trusted.trustedMs + CLOCK_OFF_MS,
  };
}
