import type { DevicesView } from '../../contract/devices.ts';
import type { DeviceSlot } from './device-slot.ts';

const toHex = (id: number | null): string | null => (id === null ? null : id.toString(16).padStart(4, '0'));

/** For support, to be saved as a file: no scanned text, no serial numbers, nothing of a person. */
export function toDiagnosis(
  { devices, hasHid, hidMessage }: DevicesView,
  slots: readonly DeviceSlot[],
): Record<string, unknown> {
  const counters = new Map(slots.map((slot) => [slot.setting.deviceId, slot]));
  return {
    node: process.versions.node,
    platform: `${process.platform} ${process.arch}`,
    hid: hasHid ? 'usable' : hidMessage,
    devices: devices.map(({ vendorId, productId, ...device }) => {
      const slot = counters.get(device.deviceId);
      return {
        ...device,
        usb: vendorId === null ? null : `${toHex(vendorId)}:${toHex(productId)}`,
        hasSerialNumber: slot === undefined ? null : slot.setting.match.serialNumber !== '',
        counters: slot?.counters ?? null,
      };
    }),
  };
}
