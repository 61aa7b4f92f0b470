import type { HidUsage, SeenDevice } from '../types.ts';
import type { DecodeProfileName } from './decode.ts';
import { findMaker, type ToneKind } from './makers.ts';

/** `keyboard-mode`: of a maker of scanners, but it types; it can not be opened. */
export type DeviceKind = 'serial' | 'hid-pos' | 'magnetic' | 'keyboard-mode';

interface Usual {
  readonly kind: DeviceKind;
  readonly profile: DecodeProfileName;
  readonly tone: ToneKind;
}

const POS_SCANNER_PAGE = 0x8c;
const STRIPE_READER_PAGE = 0x8e;
const VENDOR_PAGE = 0xff_00;
const DESKTOP_PAGE = 0x01;
const KEYBOARD_USAGES = [0x06, 0x07];

const MAGTEK = 0x08_01;
const ID_TECH = 0x0a_cd;
/** Makers whose vendor page is a stripe reader's report; anybody else's may be anything. */
const STRIPE_MAKERS = [MAGTEK, ID_TECH];

const hasPage = ({ usages }: SeenDevice, wanted: number): boolean =>
  usages.some(({ page }) => page === wanted);

export const isKeyboard = ({ usages }: SeenDevice): boolean =>
  usages.some(({ page, usage }) => page === DESKTOP_PAGE && KEYBOARD_USAGES.includes(usage));

const isStripeReader = (device: SeenDevice): boolean =>
  hasPage(device, STRIPE_READER_PAGE) ||
  (hasPage(device, VENDOR_PAGE) && STRIPE_MAKERS.includes(device.vendorId ?? 0));

/** A HID device whose reports are scans or swipes. */
export const isReadable = (device: SeenDevice): boolean =>
  hasPage(device, POS_SCANNER_PAGE) || isStripeReader(device);

/** The collection whose reports are read; null for a device that has none. */
export const readUsage = ({ usages }: SeenDevice): HidUsage | null =>
  [POS_SCANNER_PAGE, STRIPE_READER_PAGE, VENDOR_PAGE]
    .map((wanted) => usages.find(({ page }) => page === wanted))
    .find((usage) => usage !== undefined) ?? null;

/** What a device is and how it speaks out of its box; null for what has nothing to do with scanning. */
export function usualOf(device: SeenDevice): Usual | null {
  const tone = findMaker(device.vendorId)?.tone ?? 'none';
  if (device.transport === 'serial') return { kind: 'serial', profile: 'auto', tone };
  if (hasPage(device, POS_SCANNER_PAGE)) {
    // BEL is a sign of a line; of the makers' reports only one form is known.
    return { kind: 'hid-pos', profile: 'hidpos auto', tone: tone === 'honeywell' ? tone : 'none' };
  }
  if (isStripeReader(device)) return { kind: 'magnetic', profile: 'msr auto', tone: 'none' };
  if (isKeyboard(device) && findMaker(device.vendorId) !== null) {
    return { kind: 'keyboard-mode', profile: 'auto', tone: 'none' };
  }
  return null;
}
