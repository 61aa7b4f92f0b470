import { createHash } from 'node:crypto';
import type { DeviceKind } from '../../../drivers/profiles/usual.ts';
import type { SeenDevice } from '../../../drivers/types.ts';

const ID_CHARS = 16;

const modelOf = ({ vendorId, productId }: SeenDevice): string => `${vendorId ?? ''}:${productId ?? ''}`;

/** `number`: the maker has given it one of its own. `socket`, `path`: others have the same, or there is none. */
type ToldBy = 'number' | 'socket' | 'path';
const TOLD_BY: readonly ToldBy[] = ['number', 'socket', 'path'];

/** By its own number; without one by its socket, and at the worst by its path. Tells nothing of either. */
export function deviceIdOf(kind: DeviceKind, device: SeenDevice, toldBy: ToldBy = 'number'): string {
  const { serialNumber, socket, path } = device;
  const isNumbered = serialNumber !== '' && toldBy === 'number';
  const own = isNumbered ? `no ${serialNumber}` : `at ${socket === '' || toldBy === 'path' ? path : socket}`;
  const identity = [device.transport, modelOf(device), own].join('\n');
  return `${kind}-${createHash('sha256').update(identity).digest('hex').slice(0, ID_CHARS)}`;
}

/** Devices of which nothing but the socket tells which is which. */
export const isTwin = (left: SeenDevice, right: SeenDevice): boolean =>
  left.transport === right.transport &&
  left.vendorId !== null &&
  modelOf(left) === modelOf(right) &&
  left.serialNumber === right.serialNumber;

/** Two cables of one scanner, as HID and serial, or two interfaces. */
export const isSameBody = (left: SeenDevice, right: SeenDevice): boolean =>
  left.vendorId !== null &&
  left.serialNumber !== '' &&
  modelOf(left) === modelOf(right) &&
  left.serialNumber === right.serialNumber;

interface Named {
  readonly device: SeenDevice;
  readonly kind: DeviceKind;
}

/** An id of its own for each: cheap makers give all their scanners one number, and a press must mean one of them. */
export function idsOf(devices: readonly Named[]): readonly string[] {
  const idsBy = (toldBy: ToldBy): string[] =>
    devices.map(({ kind, device }) => deviceIdOf(kind, device, toldBy));
  return TOLD_BY.map(idsBy).reduce((chosen, finer) =>
    chosen.map((id, at) => {
      const isShared = chosen.indexOf(id) !== chosen.lastIndexOf(id);
      return isShared ? (finer[at] ?? id) : id;
    }),
  );
}
