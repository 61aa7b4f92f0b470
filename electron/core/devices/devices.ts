import type { Logger } from 'pino';
import { createHidTransport } from '../../../drivers/transports/hid.ts';
import { createSerialTransport } from '../../../drivers/transports/serial.ts';
import type { DriverClock } from '../../../drivers/types.ts';
import type { DevicesView, ScanRules } from '../../contract/devices.ts';
import type { EventName, EventOf } from '../../contract/events.ts';
import type { ScanFlow } from '../scan-flow.ts';
import type { TillSettings } from '../till-settings.ts';
import { toDiagnosis } from './diagnosis.ts';
import { createIdentifier } from './identify.ts';
import { createLearning } from './learn-device.ts';
import { Rack } from './rack.ts';
import { assertScanRules, toDecodeRules } from './scan-rules.ts';
import type { Transports } from './seen-devices.ts';

interface Parts {
  readonly settings: TillSettings;
  /** `PATH[,profile]` of the environment; goes before the setting of the port. */
  readonly override: string | null;
  readonly cardPrefix: () => string | undefined;
  readonly scans: ScanFlow;
  readonly clock: DriverClock;
  readonly log: Logger;
  readonly newId: () => string;
  readonly publish: <Name extends EventName>(name: Name, data: EventOf<Name>) => void;
  readonly transports?: Transports | undefined;
}

/** The till's scanners and readers, and the doctor who looks after them. */
export function createDevices(parts: Parts) {
  const { settings, publish, clock } = parts;
  const transports = parts.transports ?? { serial: createSerialTransport(), hid: createHidTransport() };
  const rules = () => toDecodeRules(settings.scanRules(), parts.cardPrefix());
  const rack = new Rack({
    ...{ settings, override: parts.override, transports, rules, clock },
    ...{ scans: parts.scans, log: parts.log, newId: parts.newId },
    onDevices: (view) => publish('devices.changed', view),
    onPort: (view) => publish('scanner.changed', view),
  });
  const identifier = createIdentifier({ rack, transports, rules, clock });
  const learning = createLearning({
    ...{ rack, transports },
    onLearned: (learned) => publish('devices.learned', learned),
  });
  return {
    rack,
    list: async (): Promise<DevicesView> => {
      await rack.look();
      return rack.view();
    },
    identify: async (): Promise<DevicesView> => {
      await identifier.start();
      return rack.view();
    },
    learn: learning.start,
    stopLearning: learning.stop,
    diagnose: async (): Promise<Record<string, unknown>> => {
      await rack.look();
      return toDiagnosis(rack.view(), rack.slots());
    },
    rules: () => settings.scanRules(),
    setRules: async (next: ScanRules): Promise<ScanRules> => {
      assertScanRules(next);
      settings.setScanRules(next);
      await rack.reopen();
      publish('devices.rulesChanged', next);
      return next;
    },
    start: () => rack.start(),
    close: async (): Promise<void> => {
      await Promise.all([identifier.stop(), learning.stop()]);
      await rack.close();
    },
  };
}
export type Devices = ReturnType<typeof createDevices>;
