import { DeviceError } from '../types.ts';
import {
  DEFAULT_SERIAL_PROFILE,
  isSerialProfileName,
  serialProfiles,
  type SerialProfileName,
} from './serial.ts';

interface ScannerSetting {
  readonly path: string;
  readonly profile: SerialProfileName;
}

const SETTING_LENGTH_MAX = 1024;

/**
 * Reads `PATH[,profile]`, as in `/dev/ttyACM0,aim cr` or `COM3`. The last comma divides. The path is not
 * looked at: a scanner may be plugged in later.
 *
 * @throws DeviceError `bad-setting`, with the names that would have been right.
 */
export function parseScannerSetting(setting: string): ScannerSetting {
  const at = setting.lastIndexOf(',');
  const path = (at === -1 ? setting : setting.slice(0, at)).trim();
  const profile =
    at === -1
      ? DEFAULT_SERIAL_PROFILE
      : setting
          .slice(at + 1)
          .trim()
          .toLowerCase();
  if (path === '' || path.includes('\0') || setting.length > SETTING_LENGTH_MAX) {
    throw new DeviceError('bad-setting', 'A scanner is set as PATH or PATH,profile');
  }
  if (!isSerialProfileName(profile)) {
    const known = Object.keys(serialProfiles).join(', ');
    throw new DeviceError('bad-setting', `Unknown scanner profile. Known: ${known}`);
  }
  return { path, profile };
}
