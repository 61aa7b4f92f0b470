import { matchOf, placeOf } from '../../../drivers/match.ts';
import type { DecodeProfileName } from '../../../drivers/profiles/decode.ts';
import { createScanner } from '../../../drivers/scanner.ts';
import { createHidTransport } from '../../../drivers/transports/hid.ts';
import { createSerialTransport } from '../../../drivers/transports/serial.ts';
import type { Scanner, SeenDevice, SlotState, Transport } from '../../../drivers/types.ts';
import { VECTOR_RULES } from '../../vectors/vector.ts';
import { until } from './telling.ts';

const TRANSPORTS = { hid: createHidTransport, serial: createSerialTransport } as const;

/** The product's scanner on a device, and what became of its bytes. */
export interface Ear {
  /** Kind and text of a scan, the code of a loss. */
  readonly told: string[];
  readonly scanner: Scanner;
  readonly device: SeenDevice;
}

/** The device with this serial number, once the kernel shows it. */
export const findDevice = (kind: keyof typeof TRANSPORTS, serial: string): Promise<SeenDevice> => {
  const transport = TRANSPORTS[kind]();
  return until(async () => (await transport.list()).find((each) => each.serialNumber === serial), serial);
};

/** @param profile as `decodeProfiles` names it */
export async function listenTo(
  kind: keyof typeof TRANSPORTS,
  serial: string,
  profile: DecodeProfileName,
): Promise<Ear> {
  const device = await findDevice(kind, serial);
  const transport: Transport = TRANSPORTS[kind]();
  const place = placeOf(transport, matchOf(device, device.usages[0] ?? null));
  const scanner = createScanner({ ...VECTOR_RULES, transport, place, path: serial, profile });
  const told: string[] = [];
  scanner.onScan(({ kind: scanned, text }) => told.push(`${scanned} ${text}`));
  scanner.onLoss(({ why }) => told.push(why));
  await scanner.open();
  return { told, scanner, device };
}

export async function untilState({ scanner }: Ear, wanted: SlotState): Promise<void> {
  await until(() => scanner.status().state === wanted, wanted);
}

/** What comes to be told from now on, once it is `count`. */
export async function toldOf({ told }: Ear, count: number, send: () => unknown): Promise<string[]> {
  const from = told.length;
  await send();
  await until(() => told.length >= from + count, `${count} told, not ${told.slice(from).join()}`);
  return told.slice(from);
}
