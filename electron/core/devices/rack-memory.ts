import type { TillSettings } from '../till-settings.ts';
import type { DeviceSetting } from './device-settings.ts';
import { PORT_SLOT, toPortMore, type PortName } from './port-setting.ts';

/** Ids of devices that a till was told to leave alone; the oldest go. */
const FORGOTTEN_MAX = 100;

type Settings = Pick<TillSettings, 'devices' | 'setDevices' | 'portMore' | 'setPortMore'>;

/** What of the devices outlives a start. */
export function createRackMemory(settings: Settings) {
  const forgotten = (): readonly string[] => settings.devices().forgotten;
  const setForgotten = (names: readonly string[]): void =>
    settings.setDevices({ ...settings.devices(), forgotten: names.slice(-FORGOTTEN_MAX) });
  return {
    slots: () => settings.devices().slots,
    portMore: () => settings.portMore(),
    forgotten,
    forget: (names: readonly string[]): void => setForgotten([...new Set([...forgotten(), ...names])]),
    allow: (deviceId: string): void => setForgotten(forgotten().filter((name) => name !== deviceId)),
    keep: (all: readonly DeviceSetting[], name: PortName): void => {
      const slots = all.filter(({ slotId }) => slotId !== PORT_SLOT);
      settings.setDevices({ ...settings.devices(), slots });
      const port = all.find(({ slotId }) => slotId === PORT_SLOT);
      if (port !== undefined) settings.setPortMore(toPortMore(port, name));
    },
  };
}
