import type { DecodeRules } from './decode/classify.ts';
import { createScanDecoder } from './decode/scan-decoder.ts';
import type { DecodedScan, ScanErrorCode, ScanEvent } from './decode/scan-event.ts';
import { createListeners } from './listeners.ts';
import { decodeProfiles, type DecodeProfileName } from './profiles/decode.ts';
import { placeOf, type DeviceMatch } from './match.ts';
import { serialProfiles, type SerialProfileName } from './profiles/serial.ts';
import { Slot } from './slot.ts';
import { createHidTransport } from './transports/hid.ts';
import { createSerialTransport } from './transports/serial.ts';
import type { DriverClock, LineOptions, Place, Scan, ScanLoss, Scanner, Transport } from './types.ts';

interface SerialScannerOptions extends DecodeRules {
  /** A port by hand; it need not exist yet, and a link is followed anew at each attempt. */
  readonly path: string;
  readonly profile: SerialProfileName;
  readonly clock?: DriverClock;
}

interface ScannerOptions extends Omit<SerialScannerOptions, 'profile'> {
  readonly profile: DecodeProfileName;
  readonly transport: Transport;
  /** Finds the device by what it is; `path` is then only its name. */
  readonly place?: Place;
  /** In place of the profile's own. */
  readonly line?: LineOptions | undefined;
}

const ACK = 0x06;
const NAK = 0x15;
/** What the way has spoilt, sending again may mend; a wrong digit on the label stays one. */
const SPOILT: ReadonlySet<ScanErrorCode> = new Set([
  'partial',
  'overlong',
  'length',
  'layout',
  'lrc',
  'parity-suspect',
]);

/** Of devices that have no line the transport takes no notice of it. */
const NO_LINE = serialProfiles.auto.line;
const lineOf = (profile: DecodeProfileName): LineOptions => {
  const found = decodeProfiles[profile];
  return 'line' in found ? found.line : NO_LINE;
};

/** What leaves the drivers: of a card that was blocked only that it was one. */
function toPublic({ masked: _masked, ...scan }: DecodedScan): Omit<DecodedScan, 'masked'> {
  return scan;
}

const systemClock: DriverClock = { nowMs: () => Date.now(), monotonicMs: () => performance.now() };

/** A scanner on a serial port, USB-CDC included, that survives being unplugged. */
export function createSerialScanner(options: SerialScannerOptions): Scanner {
  return createScanner({ ...options, transport: createSerialTransport() });
}

interface HidScannerOptions extends Omit<ScannerOptions, 'path' | 'transport' | 'place' | 'line'> {
  readonly match: Omit<DeviceMatch, 'transport' | 'path'>;
  readonly transport?: Transport;
}

/** A HID scanner or stripe reader, found by what it is wherever it is plugged in; no keyboard is ever opened. */
export function createHidScanner({ match, ...options }: HidScannerOptions): Scanner {
  const { transport = createHidTransport() } = options;
  const place = placeOf(transport, { ...match, transport: 'hid', path: '' });
  return createScanner({ ...options, transport, place, path: 'hid' });
}

/** A scanner over any transport, whether it delivers a stream or reports. */
export function createScanner(options: ScannerOptions): Scanner {
  const { path: device, profile, transport, clock = systemClock } = options;
  const scans = createListeners<Scan>();
  const losses = createListeners<ScanLoss>();
  const isAnswering = 'handshake' in decodeProfiles[profile];
  const decoder = createScanDecoder({ ...options, ...decodeProfiles[profile] });
  let silence: NodeJS.Timeout | undefined;

  function publish(event: ScanEvent, atMs: number): void {
    // At once, before anybody looks anything up: the scanner waits two seconds.
    if (isAnswering && event.type !== 'reply') {
      const isSpoilt = event.type === 'scan-error' && SPOILT.has(event.code);
      void slot.write(Uint8Array.of(isSpoilt ? NAK : ACK));
    }
    if (event.type === 'scan') {
      scans.emit({ ...toPublic(event.scan), profile, device, atMs, receivedAtMs: clock.nowMs() });
    } else if (event.type === 'scan-error') {
      losses.emit({ why: event.code, byteCount: event.byteCount, hint: event.hint, device });
    }
  }

  /** The decoder has no timer of its own: this one makes it look once the silence has passed. */
  function awaitSilence(): void {
    clearTimeout(silence);
    if (!decoder.isPending()) return;
    silence = setTimeout(() => {
      const atMs = clock.monotonicMs();
      for (const event of decoder.expire(atMs)) publish(event, atMs);
    }, decoder.silenceMs + 1);
  }

  function onChunk(bytes: Uint8Array): void {
    const atMs = clock.monotonicMs();
    const events = decoder.push(bytes, atMs);
    // It may have held a payment card's number, and the port's read pool lives on.
    bytes.fill(0);
    for (const event of events) publish(event, atMs);
    awaitSilence();
  }

  function forgetPartial(): void {
    clearTimeout(silence);
    decoder.reset();
  }

  const slot = new Slot({
    transport,
    address: { path: device, line: options.line ?? lineOf(profile) },
    place: options.place,
    onChunk,
    onGone: forgetPartial,
  });
  return {
    device,
    open: () => slot.open(),
    async close() {
      scans.clear();
      losses.clear();
      await slot.close();
      forgetPartial();
    },
    status: () => slot.status(),
    onState: (listener) => slot.onState(listener),
    onScan: scans.add,
    onLoss: losses.add,
    write: (bytes) => slot.write(bytes),
  };
}
