import type { HidUsage, Place, SeenDevice, Transport } from './types.ts';

/** What a slot knows of its device. Found again by what it is; by where it is only among its like. */
export interface DeviceMatch {
  readonly transport: SeenDevice['transport'];
  readonly vendorId: number | null;
  readonly productId: number | null;
  /** Empty: it has none. */
  readonly serialNumber: string;
  /** HID only; null: any. */
  readonly usage: HidUsage | null;
  /** Where it was plugged in when it was chosen; empty: not known. */
  readonly socket: string;
  /** A path by hand; empty for a device that is found by what it is. */
  readonly path: string;
  /** Where a scan has said that it is just now: tells it from its like, and is no reason to take anything else. */
  readonly pin?: string;
}

const BY_SERIAL_NUMBER = 100;
const BY_PATH = 60;
const BY_MODEL = 20;
/** Something else is now where the device by hand used to be. */
const BY_PATH_ALONE = 15;
const BY_USAGE = 10;
const BY_SOCKET = 5;
/** Less is no match. */
const SCORE_MIN = 15;

const isSameModel = (match: DeviceMatch, device: SeenDevice): boolean =>
  match.vendorId !== null && match.vendorId === device.vendorId && match.productId === device.productId;

/** How sure it is that this is the slot's device; 0: it is another. */
export function scoreMatch(match: DeviceMatch, device: SeenDevice): number {
  if (match.transport !== device.transport) return 0;
  const isAtPath = match.path !== '' && match.path === device.path;
  const { usage } = match;
  const hasUsage = usage !== null && device.usages.some((each) => each.page === usage.page);
  if (usage !== null && !hasUsage) return 0;
  if (match.vendorId === null) return isAtPath ? BY_PATH : 0;
  const isOther = match.serialNumber !== '' && device.serialNumber !== '';
  if (!isSameModel(match, device) || (isOther && match.serialNumber !== device.serialNumber)) {
    return isAtPath ? BY_PATH_ALONE : 0;
  }
  const isSameNumber = match.serialNumber !== '' && match.serialNumber === device.serialNumber;
  const score =
    BY_MODEL +
    (isSameNumber ? BY_SERIAL_NUMBER : 0) +
    (isAtPath || match.pin === device.path ? BY_PATH : 0) +
    (hasUsage ? BY_USAGE : 0) +
    (match.socket !== '' && match.socket === device.socket ? BY_SOCKET : 0);
  return score >= SCORE_MIN ? score : 0;
}

/** What `device` is found by from now on. */
export function matchOf(device: SeenDevice, usage: HidUsage | null = null): DeviceMatch {
  const { transport, vendorId, productId, serialNumber, socket, path } = device;
  const byHand = vendorId === null ? path : '';
  return { transport, vendorId, productId, serialNumber, usage, socket, path: byHand };
}

interface MatchedSlot {
  readonly slotId: string;
  readonly match: DeviceMatch;
}

/** One device has one slot at most, and one slot one device. */
export interface Matching {
  readonly bySlot: ReadonlyMap<string, SeenDevice>;
  /** Devices that fit equally well, more of them than slots: a scan must say which is which. */
  readonly ties: readonly { readonly slotIds: readonly string[]; readonly devices: readonly SeenDevice[] }[];
}

interface Pair {
  readonly slotId: string;
  readonly device: SeenDevice;
  readonly score: number;
}

/** All that hangs together at one score with the first pair. */
function groupOf(pairs: readonly Pair[]): { slotIds: Set<string>; devices: Set<SeenDevice> } {
  const slotIds = new Set<string>();
  const devices = new Set<SeenDevice>();
  const [first] = pairs;
  if (first !== undefined) slotIds.add(first.slotId);
  for (let size = -1; size !== slotIds.size + devices.size;) {
    size = slotIds.size + devices.size;
    for (const { slotId, device } of pairs) {
      if (!slotIds.has(slotId) && !devices.has(device)) continue;
      slotIds.add(slotId);
      devices.add(device);
    }
  }
  return { slotIds, devices };
}

/** Slots take theirs in order; some may be left over, no device is. */
function deal(
  slotIds: ReadonlySet<string>,
  devices: ReadonlySet<SeenDevice>,
  bySlot: Map<string, SeenDevice>,
): void {
  const free = [...slotIds];
  for (const device of devices) {
    const slotId = free.shift();
    if (slotId !== undefined) bySlot.set(slotId, device);
  }
}

/** Surest first. Slots that fit equally well are interchangeable, and take theirs in order; devices are not. */
export function matchDevices(slots: readonly MatchedSlot[], seen: readonly SeenDevice[]): Matching {
  let open: Pair[] = slots.flatMap(({ slotId, match }) =>
    seen.flatMap((device) => {
      const score = scoreMatch(match, device);
      return score === 0 ? [] : [{ slotId, device, score }];
    }),
  );
  const bySlot = new Map<string, SeenDevice>();
  const ties: { slotIds: string[]; devices: SeenDevice[] }[] = [];
  while (open.length > 0) {
    const best = Math.max(...open.map(({ score }) => score));
    const { slotIds, devices } = groupOf(open.filter(({ score }) => score === best));
    const isTie = devices.size > slotIds.size;
    if (isTie) ties.push({ slotIds: [...slotIds], devices: [...devices] });
    else deal(slotIds, devices, bySlot);
    const taken = new Set(isTie ? slotIds : bySlot.keys());
    open = open.filter(({ slotId, device }) => !taken.has(slotId) && !devices.has(device));
  }
  return { bySlot, ties };
}

/** A slot of its own, for who holds one device and no others: at nothing while several fit equally well. */
export function placeOf(transport: Transport, match: DeviceMatch): Place {
  return {
    find: async () => {
      const { bySlot } = matchDevices([{ slotId: '', match }], await transport.list());
      return bySlot.get('')?.path ?? null;
    },
    watch: (hint) => transport.watch(match.path === '' ? null : match.path, hint),
  };
}
