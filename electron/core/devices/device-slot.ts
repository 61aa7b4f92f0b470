import type { DecodeRules } from '../../../drivers/decode/classify.ts';
import { createScanner } from '../../../drivers/scanner.ts';
import { toneWrites, type Tone } from '../../../drivers/tones.ts';
import type { DriverClock, Place, Scan, ScanLoss, Scanner, SlotStatus } from '../../../drivers/types.ts';
import type { DeviceSetting } from './device-settings.ts';
import type { Transports } from './seen-devices.ts';

/** Since the start of this core; of what was read only how often. */
export interface DeviceCounters {
  scans: number;
  losses: Record<string, number>;
  /** How often it came to each state. */
  states: Record<string, number>;
  tones: number;
  /** Tones that the device did not take. */
  deafTones: number;
}

export interface SlotParts {
  readonly transports: Transports;
  readonly rules: () => DecodeRules;
  readonly clock: DriverClock;
  readonly placeOf: (slotId: string) => Place;
  readonly onScan: (slot: DeviceSlot, scan: Scan) => void;
  readonly onLoss: (slot: DeviceSlot, loss: ScanLoss) => void;
  /** State or setting changed. */
  readonly onChanged: (slot: DeviceSlot) => void;
}

const OFF: SlotStatus = { state: 'absent', error: null };

const count = (counts: Record<string, number>, name: string): void => {
  counts[name] = (counts[name] ?? 0) + 1;
};

/** One device of this till, opened while it is wanted. */
export class DeviceSlot {
  readonly #parts: SlotParts;
  #setting: DeviceSetting;
  #scanner: Scanner | null = null;
  lastScanAtMs: number | null = null;
  readonly counters: DeviceCounters = { scans: 0, losses: {}, states: {}, tones: 0, deafTones: 0 };

  constructor(setting: DeviceSetting, parts: SlotParts) {
    this.#setting = setting;
    this.#parts = parts;
  }

  get setting(): DeviceSetting {
    return this.#setting;
  }

  /** Nobody has asked for it, or the doctor has it. */
  get isOff(): boolean {
    return this.#scanner === null;
  }

  get status(): SlotStatus {
    return this.#scanner?.status() ?? OFF;
  }

  get canTone(): boolean {
    return toneWrites(this.#setting.tone, 'good', this.#setting.match.transport).length > 0;
  }

  /** Resolves after the first attempt, whatever came of it. */
  async open(): Promise<void> {
    if (this.#scanner !== null) return;
    const { kind, profile, line, match, slotId } = this.#setting;
    const { transports, rules, clock, placeOf } = this.#parts;
    const scanner = createScanner({
      ...rules(),
      path: kind,
      profile,
      line: line ?? undefined,
      transport: transports[match.transport],
      place: placeOf(slotId),
      clock,
    });
    this.#scanner = scanner;
    scanner.onScan((scan) => {
      this.lastScanAtMs = scan.receivedAtMs;
      this.counters.scans += 1;
      this.#parts.onScan(this, scan);
    });
    scanner.onLoss((loss) => {
      count(this.counters.losses, loss.why);
      this.#parts.onLoss(this, loss);
    });
    scanner.onState(({ state }) => {
      count(this.counters.states, state);
      this.#parts.onChanged(this);
    });
    await scanner.open();
    this.#parts.onChanged(this);
  }

  async close(): Promise<void> {
    const closing = this.#scanner;
    this.#scanner = null;
    await closing?.close();
  }

  /** Takes effect at the next open. */
  change(setting: DeviceSetting): void {
    this.#setting = setting;
  }

  /** False: it has no way to be asked, or is not there. */
  async sound(tone: Tone): Promise<boolean> {
    const writes = toneWrites(this.#setting.tone, tone, this.#setting.match.transport);
    if (writes.length === 0 || this.#scanner === null) return false;
    this.counters.tones += 1;
    for (const bytes of writes) {
      if (await this.#scanner.write(bytes)) continue;
      this.counters.deafTones += 1;
      return false;
    }
    return true;
  }
}
