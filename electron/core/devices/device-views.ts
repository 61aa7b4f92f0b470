import { decodeProfiles } from '../../../drivers/profiles/decode.ts';
import { findMaker } from '../../../drivers/profiles/makers.ts';
import { usualOf } from '../../../drivers/profiles/usual.ts';
import type { DeviceError, SeenDevice } from '../../../drivers/types.ts';
import type { DeviceLine, DevicesView, DeviceView } from '../../contract/devices.ts';
import type { DeviceSlot } from './device-slot.ts';
import { wordsOf } from './new-setting.ts';
import { PORT_SLOT } from './port-setting.ts';
import type { Loose, Sorted } from './sort-devices.ts';

/** Shipped with the till; lets the account at the screen use scanners. */
export const RULES_FILE = '60-counterfoil.rules';

const lineOf = ({ setting }: DeviceSlot): DeviceLine | null => {
  if (setting.kind !== 'serial') return null;
  const profile = decodeProfiles[setting.profile];
  return setting.line ?? ('line' in profile ? profile.line : null);
};

/** A device with a slot, plugged in or not. */
function toSlotView(slot: DeviceSlot, device: SeenDevice | undefined): DeviceView {
  const { setting } = slot;
  const { state, error } = slot.status;
  const shown = slot.isOff ? 'off' : state;
  const words = device === undefined ? setting : wordsOf(device);
  return {
    deviceId: setting.deviceId,
    kind: setting.kind,
    maker: words.maker || setting.maker,
    model: words.model || setting.model,
    vendorId: device?.vendorId ?? setting.match.vendorId,
    productId: device?.productId ?? setting.match.productId,
    path: device?.path ?? (state === 'ready' ? setting.match.path : ''),
    isPlugged: device !== undefined,
    state: shown,
    problem: shown === 'off' ? null : (error?.code ?? null),
    message: shown === 'off' ? '' : (error?.message ?? ''),
    isAssigned: true,
    reason: null,
    isIdentifying: false,
    profile: setting.profile,
    line: lineOf(slot),
    tone: setting.tone,
    canTone: slot.canTone,
    lastScanAtMs: slot.lastScanAtMs,
    rulesFile: state === 'denied' && process.platform === 'linux' ? RULES_FILE : '',
    isPortSetting: setting.slotId === PORT_SLOT,
  };
}

/** A device without a slot. */
function toLooseView({ device, kind, deviceId, reason }: Loose, isIdentifying: boolean): DeviceView {
  const { vendorId, productId, path } = device;
  return {
    ...{ deviceId, kind, ...wordsOf(device), vendorId, productId, path },
    ...{ isPlugged: true, state: 'off', problem: null, message: '', isAssigned: false },
    reason: reason === 'new' ? null : reason,
    isIdentifying: isIdentifying && reason === 'tie',
    ...{ profile: null, line: null, tone: usualOf(device)?.tone ?? findMaker(vendorId)?.tone ?? 'none' },
    ...{ canTone: false, lastScanAtMs: null, rulesFile: '', isPortSetting: false },
  };
}

export const namesOf = (slots: readonly DeviceSlot[]): ReadonlySet<string> =>
  new Set(slots.map(({ setting }) => setting.deviceId));

/** A twin that now sits where a device of ours was chosen has another name. */
export const looseIdOf = ({ deviceId }: Loose, taken: ReadonlySet<string>): string =>
  taken.has(deviceId) ? `${deviceId}-twin` : deviceId;

interface Shown {
  readonly slots: readonly DeviceSlot[];
  readonly sorted: Sorted;
  readonly hidProblem: DeviceError | null;
  readonly isIdentifying: boolean;
}

/** Devices with a slot first. A slot whose devices are tied is shown as those. */
export function toDevicesView({ slots, sorted, hidProblem, isIdentifying }: Shown): DevicesView {
  const shown = slots.filter(({ setting }) => !sorted.tiedSlotIds.has(setting.slotId));
  const names = namesOf(slots);
  return {
    devices: [
      ...shown.map((slot) => toSlotView(slot, sorted.bySlot.get(slot.setting.slotId))),
      ...sorted.loose.map((each) => ({
        ...toLooseView(each, isIdentifying),
        deviceId: looseIdOf(each, names),
      })),
    ],
    hasHid: hidProblem === null,
    hidMessage: hidProblem?.message ?? '',
  };
}
