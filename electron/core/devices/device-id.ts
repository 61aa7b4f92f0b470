import { createHash } from 'node:crypto';
import type { DeviceKind } from '../../../drivers/profiles/usual.ts';
import type { SeenDevice } from '../../../drivers/types.ts';

const ID_CHARS = 16;

const modelOf = ({ vendorId, productId }: SeenDevice): string => `${vendorId ?? ''}:${productId ?? ''}`;

/** By its own number; without one by its socket, and at the worst by its path. Tells nothing of either. */
export function deviceIdOf(kind: DeviceKind, device: SeenDevice): string {
  const { serialNumber, socket, path } = device;
  const own = serialNumber === '' ? `at ${socket === '' ? path : socket}` : `no ${serialNumber}`;
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
