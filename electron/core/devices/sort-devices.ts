import { matchDevices, type Matching } from '../../../drivers/match.ts';
import { usualOf, type DeviceKind } from '../../../drivers/profiles/usual.ts';
import type { SeenDevice } from '../../../drivers/types.ts';
import { idsOf, isSameBody, isTwin } from './device-id.ts';
import type { DeviceSetting } from './device-settings.ts';

export type Reason = 'new' | 'tie' | 'same-as-another' | 'forgotten' | 'not-chosen' | 'keyboard-mode';

/** A device without a slot. */
export interface Loose {
  readonly device: SeenDevice;
  readonly kind: DeviceKind;
  readonly deviceId: string;
  readonly reason: Reason;
}

export interface Sorted {
  readonly bySlot: Matching['bySlot'];
  /** Slots that wait for a scan to say which device is theirs. */
  readonly tiedSlotIds: ReadonlySet<string>;
  readonly loose: readonly Loose[];
}

interface Given {
  readonly seen: readonly SeenDevice[];
  readonly slots: readonly DeviceSetting[];
  readonly forgotten: readonly string[];
}

/** A typing device is only worth a word while the same scanner is not there in another way. */
const isWorthShowing = (device: SeenDevice, kind: DeviceKind, seen: readonly SeenDevice[]): boolean =>
  kind !== 'keyboard-mode' ||
  !seen.some((other) => {
    const otherKind = usualOf(other)?.kind;
    const isOther = otherKind !== undefined && otherKind !== 'keyboard-mode';
    return isOther && (isSameBody(other, device) || isTwinBody(other, device));
  });
const isTwinBody = (left: SeenDevice, right: SeenDevice): boolean =>
  left.vendorId === right.vendorId && left.productId === right.productId && left.vendorId !== null;

/** Whose is what: matches slots, says why a device has none, and which take one by themselves. */
export function sortDevices({ seen, slots, forgotten }: Given): Sorted {
  const { bySlot, ties } = matchDevices(slots, seen);
  const taken = new Set(bySlot.values());
  const tied = new Set(ties.flatMap(({ devices }) => devices));
  const named = seen.flatMap((device) => {
    const kind = usualOf(device)?.kind;
    if (kind === undefined || taken.has(device) || !isWorthShowing(device, kind, seen)) return [];
    return [{ device, kind }];
  });
  const ids = idsOf(named);
  const known = named.map((each, at) => ({ ...each, deviceId: ids[at] ?? '' }));
  const isFree = ({ device, kind, deviceId }: (typeof known)[number]): boolean =>
    (kind === 'hid-pos' || kind === 'magnetic') && !forgotten.includes(deviceId) && !tied.has(device);
  const free = known.filter(isFree);
  const reasonOf = (each: (typeof known)[number]): Reason => {
    const { device, kind, deviceId } = each;
    if (kind === 'keyboard-mode') return 'keyboard-mode';
    if (tied.has(device)) return 'tie';
    if (forgotten.includes(deviceId)) return 'forgotten';
    if ([...taken].some((other) => isTwin(other, device))) return 'same-as-another';
    if (kind === 'serial') return 'not-chosen';
    return free.filter((other) => isTwin(other.device, device)).length > 1 ? 'tie' : 'new';
  };
  const loose = known.map((each) => ({ ...each, reason: reasonOf(each) }));
  return {
    bySlot,
    tiedSlotIds: new Set(ties.flatMap(({ slotIds }) => slotIds)),
    loose,
  };
}
