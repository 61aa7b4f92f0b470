import type { Logger } from 'pino';
import type { DecodeRules } from '../../../drivers/decode/classify.ts';
import type { DeviceMatch } from '../../../drivers/match.ts';
import type { Tone } from '../../../drivers/tones.ts';
import type { DriverClock, Place, SeenDevice } from '../../../drivers/types.ts';
import type { DeviceKind, DevicesView } from '../../contract/devices.ts';
import { AppError } from '../../contract/errors.ts';
import type { Input } from '../../contract/index.ts';
import type { ScannerView } from '../../contract/till.ts';
import type { ScanFlow } from '../scan-flow.ts';
import type { TillSettings } from '../till-settings.ts';
import { deviceIdOf } from './device-id.ts';
import type { DeviceSetting } from './device-settings.ts';
import { DeviceSlot, type SlotParts } from './device-slot.ts';
import { looseIdOf, namesOf, toDevicesView } from './device-views.ts';
import { createEars } from './ears.ts';
import { createHints } from './hints.ts';
import { assertFits, toSetting, wordsOf } from './new-setting.ts';
import { watchPlugs } from './plug-watch.ts';
import { PORT_SLOT, readPortName, toPortProfile, toPortSetting, type PortName } from './port-setting.ts';
import { createRackMemory } from './rack-memory.ts';
import { createPublisher } from './publisher.ts';
import { createSeenDevices, type Transports } from './seen-devices.ts';
import { sortDevices, type Loose, type Sorted } from './sort-devices.ts';

export interface RackParts {
  readonly settings: TillSettings;
  /** `PATH[,profile]` of the environment; goes before the setting of the port. */
  readonly override: string | null;
  readonly transports: Transports;
  readonly rules: () => DecodeRules;
  readonly scans: Pick<ScanFlow, 'take' | 'takeLoss'>;
  readonly clock: DriverClock;
  readonly log: Logger;
  readonly newId: () => string;
  readonly onDevices: (view: DevicesView) => void;
  readonly onPort: (view: ScannerView) => void;
}

const NOTHING: Sorted = { bySlot: new Map(), tiedSlotIds: new Set(), loose: [] };

const isNew = ({ reason }: Loose): boolean => reason === 'new';
const isWanting = (slot: DeviceSlot): boolean => !slot.isOff && slot.status.state !== 'ready';

/** A device that the doctor may have for a while. */
export type Lent = Readonly<{ kind: DeviceKind; path: string; setting: DeviceSetting | null }>;

/**
 * All scanners and readers of this till: a slot for each, the port by hand among them; which device is whose; what is
 * taken by itself. Commands run one after another.
 */
export class Rack {
  readonly #parts: RackParts;
  readonly #seen: ReturnType<typeof createSeenDevices>;
  readonly #slots = new Map<string, DeviceSlot>();
  readonly #hints = createHints();
  readonly #publisher: ReturnType<typeof createPublisher<DevicesView>>;
  readonly #ears: ReturnType<typeof createEars>;
  readonly #memory: ReturnType<typeof createRackMemory>;
  /** Where a scan has said that a slot's device is just now; only among equals, and gone with the next start. */
  readonly #pins = new Map<string, string>();
  #sorted: Sorted = NOTHING;
  #told = '';
  #port: PortName = { path: '', profile: 'auto' };
  #portFault = '';
  #isIdentifying = false;
  #isAdopting = false;
  #stopWatching: (() => void) | null = null;
  #work: Promise<unknown> = Promise.resolve();
  #isClosed = false;

  constructor(parts: RackParts) {
    this.#parts = parts;
    this.#ears = createEars(parts);
    this.#memory = createRackMemory(parts.settings);
    this.#seen = createSeenDevices(parts.transports, () => this.#port.path);
    this.#publisher = createPublisher(() => this.view(), parts.onDevices);
    const { port, fault } = readPortName(parts.override, parts.settings.scanner());
    this.#port = port;
    this.#portFault = fault;
    if (port.path !== '') this.#add(toPortSetting(port, this.#memory.portMore()));
    for (const setting of this.#memory.slots()) this.#add(setting);
  }

  /** Opens what has a slot and takes what may be taken; resolves after the first attempts. */
  async start(): Promise<void> {
    const { serial, hid } = this.#parts.transports;
    this.#stopWatching = watchPlugs({
      transports: [serial, hid],
      isMissing: () => this.slots().some(isWanting),
      look: () => this.look(),
      hint: this.#hints.tell,
    });
    await Promise.all(this.slots().map((slot) => slot.open()));
    this.#isAdopting = true;
    await this.look();
    await this.#work;
    this.#parts.onPort(this.portView());
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#stopWatching?.();
    this.#publisher.close();
    await this.#work;
    await Promise.all(this.slots().map((slot) => slot.close()));
  }

  /** What is plugged in now; hints and tells when that is news. */
  async look(): Promise<Sorted> {
    const { seen } = await this.#seen.look();
    const slots = this.slots().map(({ setting }) => this.#pinned(setting));
    this.#sorted = sortDevices({ seen, slots, forgotten: this.#memory.forgotten() });
    const now = JSON.stringify(seen);
    if (now !== this.#told) {
      this.#told = now;
      this.#hints.tell();
      this.#publisher.changed();
    }
    this.#adopt();
    return this.#sorted;
  }

  view(): DevicesView {
    const { hidProblem } = this.#seen.latest();
    const isIdentifying = this.#isIdentifying;
    return toDevicesView({ slots: this.slots(), sorted: this.#sorted, hidProblem, isIdentifying });
  }

  portView(): ScannerView {
    const slot = this.#slots.get(PORT_SLOT);
    if (slot === undefined || slot.isOff) {
      return { ...this.#port, state: 'off', message: this.#portFault, lastScanAtMs: null };
    }
    const { state, error } = slot.status;
    const { lastScanAtMs, setting } = slot;
    const profile = toPortProfile(setting.profile);
    return { path: this.#port.path, profile, state, message: error?.message ?? '', lastScanAtMs };
  }

  slots(): readonly DeviceSlot[] {
    return [...this.#slots.values()];
  }

  /** Everything again under the rules of now. */
  reopen(): Promise<void> {
    return this.#run(async () => {
      const open = this.slots().filter(({ isOff }) => !isOff);
      await Promise.all(open.map((slot) => slot.close()));
      await Promise.all(open.map((slot) => slot.open()));
    });
  }

  setPort(next: PortName): Promise<ScannerView> {
    return this.#run(async () => {
      this.#parts.settings.setScanner(next);
      await this.#openPort(next);
      return this.portView();
    });
  }

  assign(input: Input<'devices.assign'>): Promise<DevicesView> {
    return this.#run(async () => {
      await this.look();
      const slot = this.#slotOf(input.deviceId) ?? this.#newSlot(input.deviceId);
      const { kind, slotId } = slot.setting;
      const profile = input.profile ?? slot.setting.profile;
      assertFits(profile, kind);
      await slot.close();
      const { line = slot.setting.line, tone = slot.setting.tone } = input;
      slot.change({ ...slot.setting, profile, line, tone });
      this.#slots.set(slotId, slot);
      this.#memory.allow(input.deviceId);
      this.#keep();
      await slot.open();
      return this.#relook();
    });
  }

  forget(deviceId: string): Promise<DevicesView> {
    return this.#run(async () => {
      await this.look();
      const slot = this.#slotOf(deviceId);
      const device = slot === undefined ? undefined : this.#sorted.bySlot.get(slot.setting.slotId);
      if (slot?.setting.slotId === PORT_SLOT) {
        this.#parts.settings.setScanner({ path: '', profile: 'auto' });
        await this.#openPort({ path: '', profile: 'auto' });
      } else if (slot !== undefined) {
        this.#slots.delete(slot.setting.slotId);
        await slot.close();
      }
      const kind = slot?.setting.kind;
      const now = device === undefined || kind === undefined ? [] : [deviceIdOf(kind, device)];
      this.#memory.forget([deviceId, ...now]);
      this.#keep();
      return this.#relook();
    });
  }

  async sound(deviceId: string, tone: Tone): Promise<boolean> {
    return (await this.#slotOf(deviceId)?.sound(tone)) ?? false;
  }

  /** Devices that look the same and have no slot. */
  async tied(): Promise<readonly SeenDevice[]> {
    const { loose } = await this.look();
    return loose.filter(({ reason }) => reason === 'tie').map(({ device }) => device);
  }

  setIdentifying(isIdentifying: boolean): void {
    this.#isIdentifying = isIdentifying;
    this.#publisher.changed();
  }

  /** A scan has said that this is the device: it gets the slot that its like wait for, or one of its own. */
  settle(device: SeenDevice): Promise<void> {
    return this.#run(async () => {
      const waiting = this.slots().find(
        ({ setting }) =>
          this.#sorted.tiedSlotIds.has(setting.slotId) &&
          setting.match.vendorId === device.vendorId &&
          setting.match.productId === device.productId,
      );
      const setting = this.#settingFor(device);
      const slot = waiting ?? (setting === null ? null : this.#add(setting));
      if (slot === null) return;
      slot.change({ ...slot.setting, match: { ...slot.setting.match, socket: device.socket } });
      this.#pins.set(slot.setting.slotId, device.path);
      this.#keep(false);
      await this.look();
      this.#hints.tell();
      await slot.open();
      await this.#relook();
    });
  }

  /** Lets a device go for the doctor; null when it is not there, or nothing that can be learned. */
  lend(deviceId: string): Promise<Lent | null> {
    return this.#run(async () => {
      const { bySlot } = await this.look();
      const slot = this.#slotOf(deviceId);
      if (slot !== undefined) {
        const path = bySlot.get(slot.setting.slotId)?.path;
        if (path === undefined || slot.setting.kind === 'magnetic') return null;
        await slot.close();
        return { kind: slot.setting.kind, path, setting: slot.setting };
      }
      const found = this.#looseOf(deviceId);
      return found === undefined ? null : { kind: found.kind, path: found.device.path, setting: null };
    });
  }

  giveBack({ setting }: Lent): Promise<void> {
    return this.#run(async () => {
      const slot = setting === null ? undefined : this.#slots.get(setting.slotId);
      await slot?.open();
    });
  }

  #slotParts(): SlotParts {
    const { transports, rules, clock } = this.#parts;
    return {
      ...{ transports, rules, clock },
      placeOf: (slotId) => this.#placeOf(slotId),
      onScan: (slot, scan) => {
        this.#publisher.changed();
        this.#ears.hear(slot, this.#sorted.bySlot.get(slot.setting.slotId), scan);
      },
      onLoss: this.#ears.hearLoss,
      onChanged: (slot) => this.#changed(slot),
    };
  }

  #add(setting: DeviceSetting): DeviceSlot {
    const slot = new DeviceSlot(setting, this.#slotParts());
    this.#slots.set(setting.slotId, slot);
    return slot;
  }

  #placeOf(slotId: string): Place {
    const { serial } = this.#parts.transports;
    const find = async (): Promise<string | null> => {
      const { bySlot } = await this.look();
      const { hidProblem } = this.#seen.latest();
      const isHid = this.#slots.get(slotId)?.setting.match.transport === 'hid';
      if (isHid && hidProblem !== null) throw hidProblem;
      return bySlot.get(slotId)?.path ?? null;
    };
    return this.#hints.placeOf(find, (hint) =>
      slotId === PORT_SLOT ? serial.watch(this.#port.path, hint) : () => undefined,
    );
  }

  #pinned(setting: DeviceSetting): DeviceSetting & { match: DeviceMatch } {
    const pin = this.#pins.get(setting.slotId);
    return pin === undefined ? setting : { ...setting, match: { ...setting.match, pin } };
  }

  /** What may be taken is taken, once somebody has started the till. */
  #adopt(): void {
    if (!this.#isAdopting || this.#isClosed || !this.#sorted.loose.some(isNew)) return;
    void this.#run(async () => {
      const fresh = this.#sorted.loose.filter(isNew).flatMap(({ device }) => {
        const setting = this.#settingFor(device);
        return setting === null ? [] : [this.#add(setting)];
      });
      if (fresh.length === 0) return;
      this.#sorted = { ...this.#sorted, loose: this.#sorted.loose.filter((each) => !isNew(each)) };
      this.#keep(false);
      await Promise.all(fresh.map((slot) => slot.open()));
    });
  }

  #changed(slot: DeviceSlot): void {
    if (slot.status.state === 'ready') this.#learnIdentity(slot);
    this.#publisher.changed();
    if (slot.setting.slotId === PORT_SLOT) this.#parts.onPort(this.portView());
  }

  /** By what it is found next time: the socket moves, and of a port by hand one sees only now what is at it. */
  #learnIdentity(slot: DeviceSlot): void {
    const { setting } = slot;
    const device = this.#sorted.bySlot.get(setting.slotId);
    if (device === undefined || device.vendorId === null) return;
    const { vendorId, productId, serialNumber, socket } = device;
    // Something else at a path by hand is read while it is there; the slot stays its own device's.
    const { match: known } = setting;
    if (known.vendorId !== null && (known.vendorId !== vendorId || known.productId !== productId)) return;
    const match = { ...known, vendorId, productId, serialNumber, socket };
    if (JSON.stringify(match) === JSON.stringify(known)) return;
    slot.change({ ...setting, match, ...wordsOf(device) });
    this.#keep(false);
  }

  #slotOf(deviceId: string): DeviceSlot | undefined {
    return this.slots().find(({ setting }) => setting.deviceId === deviceId);
  }

  #looseOf(deviceId: string): Loose | undefined {
    const names = namesOf(this.slots());
    return this.#sorted.loose.find((each) => looseIdOf(each, names) === deviceId);
  }

  /** Under the id that the list shows, which no other slot has. */
  #settingFor(device: SeenDevice): DeviceSetting | null {
    const setting = toSetting(device, this.#parts.newId());
    const shown = this.#sorted.loose.find((each) => each.device.path === device.path);
    if (setting === null || shown === undefined) return setting;
    return { ...setting, deviceId: looseIdOf(shown, namesOf(this.slots())) };
  }

  /** @throws AppError `not_found` */
  #newSlot(deviceId: string): DeviceSlot {
    const found = this.#looseOf(deviceId);
    const setting = found === undefined ? null : toSetting(found.device, this.#parts.newId());
    if (setting === null || found === undefined) {
      throw new AppError('not_found', 'This device is not there, or can not be opened. Nothing was changed.');
    }
    this.#pins.set(setting.slotId, found.device.path);
    return new DeviceSlot({ ...setting, deviceId }, this.#slotParts());
  }

  /** What nobody asked for fails quietly: a disk that takes nothing must not end a till for a scanner's sake. */
  #keep(isAsked = true): void {
    const settings = this.slots().map(({ setting }) => setting);
    try {
      this.#memory.keep(settings, this.#port);
    } catch (cause) {
      if (isAsked) throw cause;
      this.#parts.log.warn({ err: cause }, 'a device was not noted; it works, and is looked for again');
    }
  }

  async #openPort(next: PortName): Promise<void> {
    const before = this.#slots.get(PORT_SLOT);
    this.#slots.delete(PORT_SLOT);
    await before?.close();
    this.#port = next;
    this.#portFault = '';
    if (next.path !== '') await this.#add(toPortSetting(next, null)).open();
    this.#parts.onPort(this.portView());
    this.#publisher.changed();
  }

  async #relook(): Promise<DevicesView> {
    await this.look();
    this.#publisher.changed();
    return this.view();
  }

  #run<T>(step: () => Promise<T>): Promise<T> {
    const done = this.#work.then(step);
    this.#work = done.catch(() => undefined);
    return done;
  }
}
