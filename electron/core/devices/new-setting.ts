import { matchOf } from '../../../drivers/match.ts';
import { decodeProfiles } from '../../../drivers/profiles/decode.ts';
import { findMaker } from '../../../drivers/profiles/makers.ts';
import { readUsage, usualOf } from '../../../drivers/profiles/usual.ts';
import type { SeenDevice } from '../../../drivers/types.ts';
import { DeviceProfile, type DeviceKind } from '../../contract/devices.ts';
import { AppError } from '../../contract/errors.ts';
import { deviceIdOf } from './device-id.ts';
import type { DeviceSetting } from './device-settings.ts';

/** A slot for a device as it comes out of its box; null for what can have none. */
export function toSetting(device: SeenDevice, slotId: string): DeviceSetting | null {
  const usual = usualOf(device);
  if (usual === null || usual.kind === 'keyboard-mode') return null;
  const { kind, tone } = usual;
  const usage = kind === 'serial' ? null : readUsage(device);
  return {
    slotId,
    deviceId: deviceIdOf(kind, device),
    kind,
    match: matchOf(device, usage),
    profile: DeviceProfile.parse(usual.profile),
    line: null,
    tone,
    ...wordsOf(device),
  };
}

/** Devices' own words are cut: they are shown, and anybody can make a device. */
const WORD_CHARS_MAX = 60;
const toWord = (text: string): string =>
  Array.from(text, (sign) => (sign < ' ' || sign === '\u007f' ? ' ' : sign))
    .join('')
    .trim()
    .slice(0, WORD_CHARS_MAX);

export const wordsOf = (device: SeenDevice): { maker: string; model: string } => ({
  maker: toWord(device.maker) || (findMaker(device.vendorId)?.name ?? ''),
  model: toWord(device.model),
});

const INPUTS: Readonly<Record<string, DeviceKind>> = {
  stream: 'serial',
  'hid-pos': 'hid-pos',
  'msr-report': 'magnetic',
};

/** @throws AppError `bad_request` for a profile that no device of this kind speaks. */
export function assertFits(profile: DeviceProfile, kind: DeviceKind): void {
  if (INPUTS[decodeProfiles[profile].input.kind] === kind) return;
  throw new AppError('bad_request', 'This profile is for another kind of device. Nothing was changed.');
}
