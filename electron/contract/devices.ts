import { z } from 'zod';
import { command, openQuery, type Method } from './method.ts';

/**
 * `keyboard-mode`: a maker of scanners is known to be on the cable, but it types like a keyboard. It can not be
 * opened; a mode barcode of its maker brings it to `hid-pos` or `serial`.
 */
export const DeviceKind = z.enum(['serial', 'hid-pos', 'magnetic', 'keyboard-mode']);
export type DeviceKind = z.infer<typeof DeviceKind>;

/** As `SlotState` of the drivers; `off`: nobody of this till opens it (`reason` says why). */
export const DeviceState = z.enum(['off', 'absent', 'opening', 'ready', 'gone', 'busy', 'denied']);
export type DeviceState = z.infer<typeof DeviceState>;

/** How a device speaks: names of the drivers' profiles for streams, reports and stripes. */
export const DeviceProfile = z.enum([
  ...['auto', 'cr', 'lf', 'crlf', 'tab', 'aim cr', 'aim crlf', 'stx-etx', 'stx-etx ack', 'aim stx-etx'],
  ...['honeywell-id cr', 'honeywell-id crlf', 'zebra-id cr', 'zebra-id crlf', 'idle', 'aim idle'],
  ...['aim cr gb18030', 'aim cr shift_jis', 'msr text cr', 'msr raw lrc'],
  ...['hidpos auto', 'hidpos A', "hidpos A'", 'hidpos B'],
  ...['msr auto', 'msr vendor 337', 'msr idtech', 'msr 8e'],
] as const);
export type DeviceProfile = z.infer<typeof DeviceProfile>;

export const DeviceLine = z.strictObject({
  baudRate: z.int().min(300).max(921_600),
  dataBits: z.union([z.literal(7), z.literal(8)]),
  parity: z.enum(['none', 'even', 'odd']),
  stopBits: z.union([z.literal(1), z.literal(2)]),
});
export type DeviceLine = z.infer<typeof DeviceLine>;

/** How a beep is asked of a scanner; `bel` works where its "beep on BEL" is switched on. */
export const ToneKind = z.enum(['none', 'bel', 'honeywell', 'cipherlab']);
export type ToneKind = z.infer<typeof ToneKind>;

export const Tone = z.enum(['good', 'bad']);
export type Tone = z.infer<typeof Tone>;

export const DeviceView = z.strictObject({
  /** Stays the same over unplugs, other ports' names and restarts; made of the device's own identity. */
  deviceId: z.string(),
  kind: DeviceKind,
  /** As the device says, else as known of its vendor; may be empty. */
  maker: z.string(),
  model: z.string(),
  /** USB ids; null where there are none. */
  vendorId: z.int().nullable(),
  productId: z.int().nullable(),
  /** Where it is just now, to show: `/dev/ttyACM0`, `COM3`; empty while unplugged. */
  path: z.string(),
  isPlugged: z.boolean(),
  state: DeviceState,
  /** Why it is not ready, closed list; null while `off`, `opening` or `ready`. */
  problem: z
    .enum(['absent', 'gone', 'busy', 'denied', 'not-a-port', 'failed', 'no-hid', 'bad-setting'])
    .nullable(),
  /** The same for support, in English. */
  message: z.string(),
  /** It has a slot of this till: found again by itself. */
  isAssigned: z.boolean(),
  /**
   * Why not assigned; null when it is, or a running till takes it in a moment. `tie`: several look the same,
   * `devices.identify` and one scan say which; `same-as-another`: its twin has the slot; `forgotten`: a person took it
   * away; `not-chosen`: a serial port, which could be anything, waits for a person; `keyboard-mode`: see `kind`.
   */
  reason: z.enum(['tie', 'same-as-another', 'forgotten', 'not-chosen', 'keyboard-mode']).nullable(),
  /** Tied, and `devices.identify` is under way: the next scan decides. */
  isIdentifying: z.boolean(),
  profile: DeviceProfile.nullable(),
  /** Serial only. */
  line: DeviceLine.nullable(),
  tone: ToneKind,
  canTone: z.boolean(),
  lastScanAtMs: z.int().nullable(),
  /** Linux only, and only while `denied`: the file of udev rules that would let this account in; else empty. */
  rulesFile: z.string(),
  /** The port of `scanner.set`: changed and emptied there as well. */
  isPortSetting: z.boolean(),
});
export type DeviceView = z.infer<typeof DeviceView>;

export const DevicesView = z.strictObject({
  devices: z.array(DeviceView),
  /** HID devices can be seen and opened on this PC. */
  hasHid: z.boolean(),
  /** Why not, for support, in English; else empty. */
  hidMessage: z.string(),
});
export type DevicesView = z.infer<typeof DevicesView>;

/** What three scans of a known code have shown. Control signs are named: `<STX>`, `<CR>`, `<LF>`, `<TAB>`, `<GS>`. */
export const LearnedSetting = z.strictObject({
  prefix: z.string(),
  suffix: z.string(),
  /** Before the text: an AIM identifier, a maker's Code-ID, or nothing known. */
  identifiers: z.enum(['none', 'aim', 'honeywell', 'zebra']),
  /** HID POS only. */
  layout: z.enum(['A', "A'", 'B']).nullable(),
  /** Serial only: the line on which the text came right. */
  line: DeviceLine.nullable(),
  /** What to pass to `devices.assign`; null when no profile reads this device. */
  profile: DeviceProfile.nullable(),
});
export type LearnedSetting = z.infer<typeof LearnedSetting>;

export const Learned = z.strictObject({
  deviceId: z.string(),
  /**
   * `listening`: scan (again); `heard`: one more good scan; `wrong`: something came, not the text that is shown — a
   * serial line then goes on to its next speed; `done`: `found` is there; `failed`: the device went, or `LEARN_MS`
   * passed. After `done` and `failed` the device is as before.
   */
  state: z.enum(['listening', 'heard', 'wrong', 'done', 'failed']),
  /** Good scans so far, 0 to `LEARN_SCANS`. */
  goodCount: z.int(),
  /** The line that is tried just now; serial only. */
  line: DeviceLine.nullable(),
  found: LearnedSetting.nullable(),
});
export type Learned = z.infer<typeof Learned>;

export const LEARN_SCANS = 3;
export const LEARN_MS = 120_000;
export const IDENTIFY_MS = 60_000;

/** Own rules of a chain for its codes, until its documents carry them. */
export const ScanRules = z.strictObject({
  /** Starts of wallet codes, as `TW1.`. */
  walletPrefixes: z.array(z.string().min(2).max(40)).max(10),
  /** In order; `symbologies` empty: any. `pattern` is a regular expression on the whole text. */
  tenantRules: z
    .array(
      z.strictObject({
        symbologies: z.array(z.string().min(2).max(40)).max(20),
        pattern: z.string().min(1).max(200),
        kind: z.enum(['product', 'member-card', 'wallet', 'phone', 'coupon', 'logistic', 'unknown']),
      }),
    )
    .max(20),
  wedge: z.strictObject({
    /** The key that the scanner types first; null: told by its speed. `code` as `KeyboardEvent.code`. */
    prefix: z.strictObject({ code: z.string().min(1).max(20), hasCtrl: z.boolean() }).nullable(),
    /** `us`: keys are read by their place, for a scanner set to a US keyboard on any other. */
    layout: z.enum(['os', 'us']),
    identifiers: z.enum(['none', 'aim']),
  }),
});
export type ScanRules = z.infer<typeof ScanRules>;

const OfDevice = { deviceId: z.string().min(1).max(300) };
const Nothing = z.strictObject({});

export const devices = {
  /** All that is plugged in, and all that has a slot. Looks anew. */
  'devices.list': openQuery(Nothing, DevicesView),
  /**
   * Gives the device a slot, or changes how it speaks. What is left out stays, or is the usual of its kind. For
   * supervisors, as all that changes how a scan is read.
   */
  'devices.assign': command(
    z.strictObject({
      ...OfDevice,
      profile: DeviceProfile.optional(),
      line: DeviceLine.optional(),
      tone: ToneKind.optional(),
    }),
    DevicesView,
  ),
  /** Takes the slot away; the device is not taken again by itself. */
  'devices.forget': command(z.strictObject(OfDevice), DevicesView),
  /** Opens all tied devices for `IDENTIFY_MS`: the first that reads gets the slot; that scan counts for nothing. */
  'devices.identify': command(Nothing, DevicesView),
  /** Sounds at the scanner, as after a scan. `isAsked` false: it is not ready, or has no way to be asked. */
  'devices.tone': command(
    z.strictObject({ ...OfDevice, tone: Tone }),
    z.strictObject({ isAsked: z.boolean() }),
  ),
  /**
   * The device reads for the doctor alone until `stop`, `done` or `failed`; one device at a time. `text` is what the
   * page shows.
   */
  'devices.learn.start': command(
    z.strictObject({ ...OfDevice, text: z.string().min(6).max(50) }),
    z.strictObject({ isStarted: z.boolean() }),
  ),
  'devices.learn.stop': command(Nothing, Nothing),
  /** For support, to save as a file: versions, devices, states, counters. No scanned text, no serial numbers. */
  'devices.diagnosis': openQuery(Nothing, z.record(z.string(), z.unknown())),
  'devices.getRules': openQuery(Nothing, ScanRules),
  /** Refuses with `bad_request` a pattern that is no regular expression. */
  'devices.setRules': command(ScanRules, ScanRules),
} satisfies Record<string, Method>;
