import type { DecodedScan, ScanErrorCode } from './decode/scan-event.ts';

export type Unsubscribe = () => void;

/**
 * Where a slot stands. `absent`: the port was not there since `open`; `gone`: it was, and vanished; `busy`:
 * another program holds it; `denied`: the system refuses us. All but `ready` are tried again with a growing
 * pause, for ever.
 */
export type SlotState = 'absent' | 'opening' | 'ready' | 'gone' | 'busy' | 'denied';

/** Closed list; a screen has its own words for each. */
export type DeviceErrorCode =
  | 'absent'
  | 'gone'
  | 'busy'
  | 'denied'
  | 'not-a-port'
  | 'failed'
  | 'bad-setting'
  /** This PC has no way to HID devices: a system library or the binding is missing. */
  | 'no-hid';

/**
 * The only error that drivers throw or report. The message is for people who support a till; no scanned text
 * in it.
 */
export class DeviceError extends Error {
  override readonly name = 'DeviceError';
  readonly code: DeviceErrorCode;
  constructor(code: DeviceErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** `error` says why a slot is not ready; null while it is `opening` or `ready`. */
export interface SlotStatus {
  readonly state: SlotState;
  readonly error: DeviceError | null;
}

/**
 * `monotonicMs` never jumps and has no known start; `nowMs` is the wall clock, ms since 1970 UTC, and may
 * jump.
 */
export interface DriverClock {
  nowMs(): number;
  monotonicMs(): number;
}

/**
 * One complete scan. `text` is empty for a blocked payment card and an identity document: nothing of them
 * leaves the drivers.
 */
export interface Scan extends Omit<DecodedScan, 'masked'> {
  readonly profile: string;
  readonly device: string;
  /** Monotonic clock at the chunk that held the last byte. */
  readonly atMs: number;
  /** Wall clock at the same moment. */
  readonly receivedAtMs: number;
}

/** Bytes that became no scan: scan again. Says how many, never which. */
export interface ScanLoss {
  readonly why: ScanErrorCode;
  readonly byteCount: number;
  /** What would cure it, for support; null when scanning again is all there is to do. */
  readonly hint: string | null;
  readonly device: string;
}

interface Driver {
  readonly device: string;
  /**
   * Resolves after the first attempt, whatever came of it: a till starts without its scanner. Throws only if
   * used twice.
   */
  open(): Promise<void>;
  /** Removes every listener, then waits until the handle is closed. Final; may be called again. */
  close(): Promise<void>;
  status(): SlotStatus;
  onState(listener: (status: SlotStatus) => void): Unsubscribe;
}

export interface Scanner extends Driver {
  /** One call per complete scan; never partial text, never from inside `open`. */
  onScan(listener: (scan: Scan) => void): Unsubscribe;
  onLoss(listener: (loss: ScanLoss) => void): Unsubscribe;
  /** Asks the device for a tone or anything else it understands; false when it is not there or did not take it. */
  write(bytes: Uint8Array): Promise<boolean>;
}

/** A device that the system shows, whether or not anybody may open it. */
export interface SeenDevice {
  readonly transport: 'serial' | 'hid';
  /** What `open` takes just now; no identity, it changes from plug to plug. */
  readonly path: string;
  /** USB ids; null where the system knows none. */
  readonly vendorId: number | null;
  readonly productId: number | null;
  /** Empty where there is none; cheap devices share one. */
  readonly serialNumber: string;
  readonly maker: string;
  readonly model: string;
  /** HID collections at this path; empty for a serial port. */
  readonly usages: readonly HidUsage[];
  /** Which socket it is plugged into, in the system's own words; empty where it does not say. */
  readonly socket: string;
}

export interface HidUsage {
  readonly page: number;
  readonly usage: number;
}

export interface LineOptions {
  readonly baudRate: number;
  readonly dataBits: 7 | 8;
  readonly parity: 'none' | 'even' | 'odd';
  readonly stopBits: 1 | 2;
}

export interface PortAddress {
  readonly path: string;
  readonly line: LineOptions;
}

/** Where a session delivers. Handed over at `open`, so that no byte and no unplug falls between two calls. */
export interface SessionSink {
  /** The receiver owns `bytes` and may wipe them. */
  onChunk(bytes: Uint8Array): void;
  /** At most once, and never after `close` was called. */
  onGone(error: DeviceError): void;
}

export interface Session {
  /** Resolves when the system has taken the bytes; rejects with a `DeviceError`. */
  write(bytes: Uint8Array): Promise<void>;
  /** No call to the sink from here on; resolves when the handle is closed, at once if it already is. */
  close(): Promise<void>;
}

/** Bytes in, nothing else. Each implementation passes `tests/contract/scanner.ts`. */
export interface Transport {
  /** Cheap, so that a missing port is not opened time and again. True where the system can not tell. */
  isPresent(path: string): Promise<boolean>;
  /** Rejects with a `DeviceError`. */
  open(address: PortAddress, sink: SessionSink): Promise<Session>;
  /**
   * Calls `hint` when something happened at `path`, with null at any device of its kind: a reason to look sooner, never
   * a proof.
   */
  watch(path: string | null, hint: () => void): Unsubscribe;
  /** What is plugged in just now and could be a scanner's. Rejects with a `DeviceError`. */
  list(): Promise<readonly SeenDevice[]>;
}

/** Where a slot's device is just now: at a path by hand, or wherever its identity is found. */
export interface Place {
  /** Null while it is nowhere. Rejects with a `DeviceError` that says more than that it is absent. */
  find(): Promise<string | null>;
  watch(hint: () => void): Unsubscribe;
}
