import type { DecodeRules } from '../../../drivers/decode/classify.ts';
import { usualOf } from '../../../drivers/profiles/usual.ts';
import { createScanner } from '../../../drivers/scanner.ts';
import type { DriverClock, Scanner, SeenDevice } from '../../../drivers/types.ts';
import { IDENTIFY_MS } from '../../contract/devices.ts';
import type { Rack } from './rack.ts';
import type { Transports } from './seen-devices.ts';
import { createSteps } from './steps.ts';

interface IdentifyParts {
  readonly rack: Rack;
  readonly transports: Transports;
  readonly rules: () => DecodeRules;
  readonly clock: DriverClock;
}

/** Opens all that look the same; the one that reads is the one that was meant. What it read counts for nothing. */
export function createIdentifier({ rack, transports, rules, clock }: IdentifyParts) {
  let open: Scanner[] = [];
  let timer: NodeJS.Timeout | undefined;
  const queued = createSteps();

  const stop = async (): Promise<void> => {
    clearTimeout(timer);
    const closing = open;
    open = [];
    await Promise.all(closing.map((scanner) => scanner.close()));
    if (closing.length > 0) rack.setIdentifying(false);
  };
  const choose = async (device: SeenDevice): Promise<void> => {
    if (open.length === 0) return;
    await stop();
    await rack.settle(device);
  };
  const listen = (device: SeenDevice): Scanner => {
    const scanner = createScanner({
      ...rules(),
      path: device.path,
      profile: usualOf(device)?.profile ?? 'auto',
      transport: transports[device.transport],
      clock,
    });
    // What is only noise on a line has not been scanned.
    scanner.onScan(() => void queued(() => choose(device)).catch(() => undefined));
    return scanner;
  };
  const start = async (): Promise<void> => {
    await stop();
    open = (await rack.tied()).map(listen);
    if (open.length === 0) return;
    timer = setTimeout(() => void queued(stop).catch(() => undefined), IDENTIFY_MS);
    rack.setIdentifying(true);
    await Promise.all(open.map((scanner) => scanner.open()));
  };
  return { start: () => queued(start), stop: () => queued(stop) };
}
