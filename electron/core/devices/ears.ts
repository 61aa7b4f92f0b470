import type { Logger } from 'pino';
import type { DriverClock, Scan, ScanLoss, SeenDevice } from '../../../drivers/types.ts';
import type { DeviceKind } from '../../contract/devices.ts';
import type { ScanSource } from '../../contract/events.ts';
import type { ScanFlow } from '../scan-flow.ts';
import type { DeviceSlot } from './device-slot.ts';
import { createEchoGuard } from './echo-guard.ts';
import { createTokenBucket, type TokenBucket } from './token-bucket.ts';

const SOURCES: Readonly<Record<DeviceKind, ScanSource>> = {
  serial: 'serial',
  'hid-pos': 'hid',
  magnetic: 'magnetic',
  'keyboard-mode': 'hid',
};

/** Some lines say what is wrong with a device; thousands push everything else out of the log. */
const LOGGED = { size: 5, refillMs: 60_000 };
/** A cashier hears each of her own bad reads; of a line full of noise one tone and one line on the screen at a time. */
const TOLD = { size: 3, refillMs: 300 };

interface EarsParts {
  readonly scans: Pick<ScanFlow, 'take' | 'takeLoss'>;
  readonly log: Logger;
  readonly clock: Pick<DriverClock, 'monotonicMs'>;
}

/** What was read goes into the flow; once the core has judged it, the scanner that read it is asked for its tone. */
export function createEars({ scans, log, clock }: EarsParts) {
  const echo = createEchoGuard();
  const buckets = new WeakMap<DeviceSlot, { logged: TokenBucket; told: TokenBucket }>();
  const bucketsOf = (slot: DeviceSlot) => {
    const known = buckets.get(slot) ?? { logged: createTokenBucket(LOGGED), told: createTokenBucket(TOLD) };
    buckets.set(slot, known);
    return known;
  };
  return {
    hear: (slot: DeviceSlot, device: SeenDevice | undefined, scan: Scan): void => {
      if (echo.isEcho(device, scan)) return;
      void slot.sound(scans.take(SOURCES[slot.setting.kind], scan));
    },
    hearLoss: (slot: DeviceSlot, { why, byteCount, hint }: ScanLoss): void => {
      const { logged, told } = bucketsOf(slot);
      const atMs = clock.monotonicMs();
      const unloggedCount = logged.take(atMs);
      if (unloggedCount !== null) log.warn({ why, byteCount, hint, unloggedCount }, 'unreadable scan');
      if (told.take(atMs) === null) return;
      scans.takeLoss(SOURCES[slot.setting.kind]);
      void slot.sound('bad');
    },
  };
}
