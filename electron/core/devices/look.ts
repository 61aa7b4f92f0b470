import { createHidTransport } from '../../../drivers/transports/hid.ts';
import { createSerialTransport } from '../../../drivers/transports/serial.ts';
import { toDiagnosis } from './diagnosis.ts';
import { toDevicesView } from './device-views.ts';
import { createSeenDevices } from './seen-devices.ts';
import { sortDevices } from './sort-devices.ts';

/** What is plugged into this PC, for a till that does not open: nobody's yet, and nothing is opened. */
export async function lookForDevices(): Promise<Record<string, unknown>> {
  const transports = { serial: createSerialTransport(), hid: createHidTransport() };
  const { seen, hidProblem } = await createSeenDevices(transports, () => '').look();
  const sorted = sortDevices({ seen, slots: [], forgotten: [] });
  return toDiagnosis(toDevicesView({ slots: [], sorted, hidProblem, isIdentifying: false }), []);
}
