import { describe, expect, test } from 'vitest';
import { parseScannerSetting } from '../../../drivers/profiles/setting.ts';
import { DeviceError } from '../../../drivers/types.ts';

describe('scanner setting', () => {
  test.each([
    ['/dev/ttyACM0', { path: '/dev/ttyACM0', profile: 'auto' }],
    ['/dev/ttyACM0,aim cr', { path: '/dev/ttyACM0', profile: 'aim cr' }],
    [' COM3 , CRLF ', { path: 'COM3', profile: 'crlf' }],
    ['/dev/a,b/tty,stx-etx', { path: '/dev/a,b/tty', profile: 'stx-etx' }],
  ])('%j', (setting, parsed) => {
    expect(parseScannerSetting(setting)).toEqual(parsed);
  });

  test.each(['', ' ', ',cr', '/dev/x,', '/dev/x,toString', '/dev/x,fast', 'a\0b', `/${'x'.repeat(2000)}`])(
    '%j is refused with the right names',
    (setting) => {
      expect(() => parseScannerSetting(setting)).toThrow(DeviceError);
      expect(() => parseScannerSetting(setting)).toThrow(/PATH,profile|Known: auto, cr/);
    },
  );
});
