import { z } from 'zod';
import { parseScannerSetting } from '../../../drivers/profiles/setting.ts';
import { DeviceError } from '../../../drivers/types.ts';
import { DeviceLine, DeviceProfile, ToneKind } from '../../contract/devices.ts';
import { ScannerProfile, type ScannerView } from '../../contract/till.ts';
import { Match, type DeviceSetting } from './device-settings.ts';

/** The slot of the serial port that a person has named. */
export const PORT_SLOT = 'port';

export type PortName = Pick<ScannerView, 'path' | 'profile'>;

/** What became known of the port by hand, or was set for it beyond its name; of one path, and nothing of another. */
export const PortMore = z.strictObject({
  path: z.string(),
  profile: DeviceProfile.nullable(),
  line: DeviceLine.nullable(),
  tone: ToneKind,
  /** The device that was seen there: found again by that, should another take its path. */
  match: Match,
  maker: z.string(),
  model: z.string(),
});
export type PortMore = z.infer<typeof PortMore>;

/** The setting, or what the environment says in its place. `fault` says what is wrong with that. */
export function readPortName(
  override: string | null,
  stored: PortName | null,
): { port: PortName; fault: string } {
  const none: PortName = { path: '', profile: 'auto' };
  if (override === null || override === '') return { port: stored ?? none, fault: '' };
  try {
    return { port: parseScannerSetting(override), fault: '' };
  } catch (cause) {
    if (!(cause instanceof DeviceError)) throw cause;
    return { port: none, fault: cause.message };
  }
}

export function toPortSetting({ path, profile }: PortName, stored: PortMore | null): DeviceSetting {
  const more = stored?.path === path ? stored : null;
  const nobody = { vendorId: null, productId: null, serialNumber: '', usage: null, socket: '' };
  return {
    slotId: PORT_SLOT,
    deviceId: PORT_SLOT,
    kind: 'serial',
    match: { transport: 'serial', ...(more?.match ?? nobody), path },
    profile: more?.profile ?? profile,
    line: more?.line ?? null,
    tone: more?.tone ?? 'none',
    maker: more?.maker ?? '',
    model: more?.model ?? '',
  };
}

export function toPortMore(setting: DeviceSetting, name: PortName): PortMore {
  const { match, line, tone, maker, model, profile } = setting;
  const own = profile === name.profile ? null : profile;
  return { path: match.path, profile: own, line, tone, match, maker, model };
}

/** The profile's name where the port's own setting knows it. */
export const toPortProfile = (profile: DeviceProfile): PortName['profile'] =>
  ScannerProfile.safeParse(profile).data ?? 'auto';
