import { z } from 'zod';
import { DeviceKind, DeviceLine, DeviceProfile, ToneKind } from '../../contract/devices.ts';

const Usage = z.strictObject({ page: z.int(), usage: z.int() });

/** What a slot's device is found by; see `DeviceMatch` of the drivers. */
export const Match = z.strictObject({
  transport: z.enum(['serial', 'hid']),
  vendorId: z.int().nullable(),
  productId: z.int().nullable(),
  serialNumber: z.string(),
  usage: Usage.nullable(),
  socket: z.string(),
  path: z.string(),
});

/** A device of this till, and how it speaks. */
export const DeviceSetting = z.strictObject({
  slotId: z.string(),
  deviceId: z.string(),
  kind: DeviceKind,
  match: Match,
  profile: DeviceProfile,
  /** Null: the profile's own. */
  line: DeviceLine.nullable(),
  tone: ToneKind,
  maker: z.string(),
  model: z.string(),
});
export type DeviceSetting = z.infer<typeof DeviceSetting>;

export const DeviceSettings = z.strictObject({
  slots: z.array(DeviceSetting),
  /** Device ids that a person took away: not taken again by themselves. */
  forgotten: z.array(z.string()),
});
export type DeviceSettings = z.infer<typeof DeviceSettings>;

export const NO_DEVICES: DeviceSettings = { slots: [], forgotten: [] };
