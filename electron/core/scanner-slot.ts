import type { Logger } from 'pino';
import { parseScannerSetting } from '../../drivers/profiles/setting.ts';
import { createSerialScanner } from '../../drivers/scanner.ts';
import { DeviceError, type Scanner } from '../../drivers/types.ts';
import type { ScannerView } from '../contract/till.ts';
import type { ScanFlow } from './scan-flow.ts';
import type { CoreClock } from './system-clock.ts';
import type { TillSettings } from './till-settings.ts';

interface Parts {
  settings: TillSettings;
  /** `PATH[,profile]` of the environment; goes before the setting. */
  override: string | null;
  ownPrefixes: () => string[];
  scans: ScanFlow;
  clock: CoreClock;
  log: Logger;
  onChanged: (view: ScannerView) => void;
}

type Setting = Pick<ScannerView, 'path' | 'profile'>;

/** The one serial scanner of this till: which port, how it is, and its scans into the flow. */
export function createScannerSlot(parts: Parts) {
  const { settings, clock, log } = parts;
  let scanner: Scanner | null = null;
  let setting: Setting = { path: '', profile: 'auto' };
  let lastScanAtMs: number | null = null;
  let fault = '';

  const view = (): ScannerView => {
    if (scanner === null) return { ...setting, state: 'off', message: fault, lastScanAtMs };
    const { state, error } = scanner.status();
    return { ...setting, state, message: error?.message ?? '', lastScanAtMs };
  };
  const publish = (): void => parts.onChanged(view());

  const close = async (): Promise<void> => {
    const closing = scanner;
    scanner = null;
    await closing?.close();
  };

  const open = async (next: Setting): Promise<void> => {
    await close();
    setting = next;
    fault = '';
    if (next.path === '') return publish();
    const opened = createSerialScanner({
      path: next.path,
      profile: next.profile,
      ownPrefixes: parts.ownPrefixes(),
      clock,
    });
    scanner = opened;
    opened.onScan((scan) => {
      lastScanAtMs = clock.nowMs();
      parts.scans.take('serial', scan);
    });
    opened.onLoss(({ why, byteCount, hint }) => {
      log.warn({ why, byteCount, hint }, 'unreadable scan');
      parts.scans.takeLoss('serial');
    });
    opened.onState(publish);
    await opened.open();
    publish();
  };

  const firstSetting = (): Setting => {
    if (parts.override === null || parts.override === '') return settings.scanner() ?? setting;
    try {
      return parseScannerSetting(parts.override);
    } catch (cause) {
      if (!(cause instanceof DeviceError)) throw cause;
      fault = cause.message;
      return setting;
    }
  };

  return {
    view,
    start: async (): Promise<void> => {
      const first = firstSetting();
      const told = fault;
      await open(first);
      fault = told;
    },
    set: async (next: Setting): Promise<ScannerView> => {
      settings.setScanner(next);
      await open(next);
      return view();
    },
    close,
  };
}
export type ScannerSlot = ReturnType<typeof createScannerSlot>;
