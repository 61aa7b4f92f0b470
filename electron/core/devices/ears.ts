import type { Logger } from 'pino';
import type { Scan, ScanLoss, SeenDevice } from '../../../drivers/types.ts';
import type { DeviceKind } from '../../contract/devices.ts';
import type { ScanSource } from '../../contract/events.ts';
import type { ScanFlow } from '../scan-flow.ts';
import type { DeviceSlot } from './device-slot.ts';
import { createEchoGuard } from './echo-guard.ts';

const SOURCES: Readonly<Record<DeviceKind, ScanSource>> = {
  serial: 'serial',
  'hid-pos': 'hid',
  magnetic: 'magnetic',
  'keyboard-mode': 'hid',
};

/** What was read goes into the flow; once the core has judged it, the scanner that read it is asked for its tone. */
export function createEars({ scans, log }: { scans: Pick<ScanFlow, 'take' | 'takeLoss'>; log: Logger }) {
  const echo = createEchoGuard();
  return {
    hear: (slot: DeviceSlot, device: SeenDevice | undefined, scan: Scan): void => {
      if (echo.isEcho(device, scan)) return;
      void slot.sound(scans.take(SOURCES[slot.setting.kind], scan));
    },
    hearLoss: (slot: DeviceSlot, { why, byteCount, hint }: ScanLoss): void => {
      log.warn({ why, byteCount, hint }, 'unreadable scan');
      scans.takeLoss(SOURCES[slot.setting.kind]);
      void slot.sound('bad');
    },
  };
}
