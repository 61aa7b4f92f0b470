import type { DevicesView, DeviceView } from '../../../electron/contract/devices.ts';
import type { PillProps } from '../../ui/pill.tsx';

/** How a device stands, as one word; the texts have one, and a sentence, for each. */
export type Condition =
  | 'ready'
  | 'opening'
  | 'absent'
  | 'gone'
  | 'busy'
  | 'denied'
  | 'failed'
  | 'off'
  | 'tie'
  | 'identifying'
  | 'same-as-another'
  | 'forgotten'
  | 'not-chosen'
  | 'keyboard-mode';

export function conditionOf({ isAssigned, isIdentifying, reason, state, problem }: DeviceView): Condition {
  if (!isAssigned && isIdentifying) return 'identifying';
  if (!isAssigned && reason !== null) return reason;
  const isFaulty =
    problem === 'failed' || problem === 'not-a-port' || problem === 'bad-setting' || problem === 'no-hid';
  return isFaulty && state !== 'ready' ? 'failed' : state;
}

export const TONES: Readonly<Record<Condition, PillProps['tone']>> = {
  ready: 'done',
  opening: 'wait',
  absent: 'wait',
  gone: 'warn',
  busy: 'warn',
  denied: 'refuse',
  failed: 'warn',
  off: 'plain',
  tie: 'warn',
  identifying: 'wait',
  'same-as-another': 'plain',
  forgotten: 'plain',
  'not-chosen': 'plain',
  'keyboard-mode': 'wait',
};

/** What a cashier should hear of without asking, worst first. */
const TROUBLES = [
  'denied',
  'busy',
  'gone',
  'failed',
  'absent',
  'tie',
] as const satisfies readonly Condition[];
export type Trouble = (typeof TROUBLES)[number];

/** The worst that is wrong with a scanner of this till; null when all is well. */
export function troubleOf(view: DevicesView | null): Trouble | null {
  const conditions = new Set((view?.devices ?? []).map(conditionOf));
  return TROUBLES.find((each) => conditions.has(each)) ?? null;
}

/** The device that the chip speaks of; null when all is well. */
export function troubledIdOf(view: DevicesView | null): string | null {
  const trouble = troubleOf(view);
  return view?.devices.find((device) => conditionOf(device) === trouble)?.deviceId ?? null;
}

/** Those of this till first, then what could be; each group as the core lists it. */
export function sortDevices({ devices }: DevicesView): readonly DeviceView[] {
  return [
    ...devices.filter(({ isAssigned }) => isAssigned),
    ...devices.filter(({ isAssigned }) => !isAssigned),
  ];
}

export const nameOf = ({ maker, model }: DeviceView): string => {
  const isTold = maker === '' || model.toLowerCase().startsWith(maker.toLowerCase());
  return isTold ? model : `${maker} ${model}`.trim();
};
