import { realpath } from 'node:fs/promises';
import { toUnknownPort } from '../../../drivers/transports/serial-list.ts';
import { DeviceError, type SeenDevice, type Transport } from '../../../drivers/types.ts';

export interface Transports {
  readonly serial: Transport;
  readonly hid: Transport;
}

interface Looked {
  readonly seen: readonly SeenDevice[];
  /** Why HID devices can not be used; null when they can. */
  readonly hidProblem: DeviceError | null;
}

/** A port that a person named stays under that name, be it a link or one that no list shows. */
async function nameByHand(
  ports: readonly SeenDevice[],
  path: string,
  serial: Transport,
): Promise<readonly SeenDevice[]> {
  if (path === '' || ports.some((port) => port.path === path)) return ports;
  if (!(await serial.isPresent(path))) return ports;
  const real = await realpath(path).catch(() => path);
  const listed = ports.find((port) => port.path === real) ?? toUnknownPort(path);
  return [...ports.filter((port) => port.path !== real), { ...listed, path }];
}

const toDeviceError = (cause: unknown): DeviceError =>
  cause instanceof DeviceError
    ? cause
    : new DeviceError('failed', 'The devices can not be listed', { cause });

/** What is plugged in, over both kinds of cable. Never rejects: a till without HID has its serial ports. */
async function lookAt({ serial, hid }: Transports, byHand: string): Promise<Looked> {
  const [ports, readers] = await Promise.all([
    serial.list().catch((): readonly SeenDevice[] => []),
    hid.list().catch(toDeviceError),
  ]);
  const named = await nameByHand(ports, byHand, serial);
  return readers instanceof DeviceError
    ? { seen: named, hidProblem: readers }
    : { seen: [...named, ...readers], hidProblem: null };
}

/** The latest look at what is plugged in. */
export function createSeenDevices(transports: Transports, byHand: () => string) {
  let latest: Looked = { seen: [], hidProblem: null };
  let looking: Promise<Looked> | null = null;
  let next: Promise<Looked> | null = null;
  const begin = (): Promise<Looked> => {
    const mine = lookAt(transports, byHand()).then((looked) => {
      latest = looked;
      looking = null;
      return looked;
    });
    looking = mine;
    return mine;
  };
  return {
    latest: () => latest,
    /** A look that begins now or later; many askers share one. */
    look: (): Promise<Looked> => {
      if (looking === null) return begin();
      next ??= looking.then(() => {
        next = null;
        return begin();
      });
      return next;
    },
  };
}
