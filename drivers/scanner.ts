import { PARTIAL_SILENCE_MS } from './decode/framer.ts';
import { createScanDecoder, type DecodeEvent } from './decode/scan-decoder.ts';
import { createListeners } from './listeners.ts';
import { serialProfiles, type SerialProfileName } from './profiles/serial.ts';
import { Slot } from './slot.ts';
import { createSerialTransport } from './transports/serial.ts';
import type { DriverClock, Scan, ScanLoss, Scanner, Transport } from './types.ts';

interface SerialScannerOptions {
  /** A port by hand; it need not exist yet, and a link is followed anew at each attempt. */
  readonly path: string;
  readonly profile: SerialProfileName;
  /** Leading digits of the chain's own cards; anything else that looks like a payment card is refused. */
  readonly ownPrefixes: readonly string[];
  readonly clock?: DriverClock;
}

interface ScannerOptions extends SerialScannerOptions {
  readonly transport: Transport;
}

const systemClock: DriverClock = { nowMs: () => Date.now(), monotonicMs: () => performance.now() };

/** A scanner on a serial port, USB-CDC included, that survives being unplugged. */
export function createSerialScanner(options: SerialScannerOptions): Scanner {
  return createScanner({ ...options, transport: createSerialTransport() });
}

/** A scanner over any transport that delivers a byte stream. */
export function createScanner(options: ScannerOptions): Scanner {
  const { path: device, profile, transport, clock = systemClock } = options;
  const { line, framing, identifiers } = serialProfiles[profile];
  const scans = createListeners<Scan>();
  const losses = createListeners<ScanLoss>();
  const decoder = createScanDecoder({ framing, identifiers, ownPrefixes: options.ownPrefixes });
  let silence: NodeJS.Timeout | undefined;

  function publish(event: DecodeEvent, atMs: number): void {
    if (event.type === 'loss') losses.emit({ why: event.why, byteCount: event.byteCount, device });
    else scans.emit({ ...event.payload, profile, device, atMs, receivedAtMs: clock.nowMs() });
  }

  /** The decoder has no timer of its own: this one makes it look once the silence has passed. */
  function awaitSilence(): void {
    clearTimeout(silence);
    if (!decoder.isPending()) return;
    silence = setTimeout(() => {
      const atMs = clock.monotonicMs();
      for (const event of decoder.expire(atMs)) publish(event, atMs);
    }, PARTIAL_SILENCE_MS + 1);
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

  const slot = new Slot({ transport, address: { path: device, line }, onChunk, onGone: forgetPartial });
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
  };
}
