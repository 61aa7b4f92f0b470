import { matchOf } from '../../../drivers/match.ts';
import { findMaker } from '../../../drivers/profiles/makers.ts';
import { readUsage, usualOf } from '../../../drivers/profiles/usual.ts';
import type { SeenDevice } from '../../../drivers/types.ts';
import { DeviceProfile } from '../../contract/devices.ts';
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
