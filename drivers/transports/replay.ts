import { DeviceError } from '../types.ts';
import type { DeviceErrorCode, SeenDevice, SessionSink, Transport } from '../types.ts';

/** The far end of a replay: what a hand at the cable and the scanner's trigger do. */
export interface ReplayDevice {
  plug(): void;
  unplug(): void;
  /** Delivers one chunk as it is; false when nobody has the device open, and the bytes are lost. */
  feed(chunk: Uint8Array): boolean;
  /** The next opens fail like this; null lets them succeed again. */
  refuse(code: DeviceErrorCode | null): void;
  /** What was written to it, oldest first. */
  readonly written: readonly Uint8Array[];
}

const REPLAYED: SeenDevice = {
  transport: 'serial',
  path: 'replay',
  vendorId: null,
  productId: null,
  serialNumber: '',
  maker: '',
  model: '',
  usages: [],
  socket: '',
};

interface Replay {
  readonly transport: Transport;
  readonly device: ReplayDevice;
}

/**
 * A transport without hardware: feeds recorded chunks, and is the fake that passes the real ones' contract.
 */
export function createReplay(): Replay {
  let isPlugged = true;
  let refusal: DeviceErrorCode | null = null;
  let sink: SessionSink | null = null;
  const hints = new Set<() => void>();
  const written: Uint8Array[] = [];

  const tellHints = (): void => {
    for (const hint of hints) hint();
  };

  const transport: Transport = {
    isPresent: async () => isPlugged,
    async open(_address, opened) {
      if (!isPlugged) throw new DeviceError('absent', 'Nothing is connected at this port');
      if (sink !== null) throw new DeviceError('busy', 'Another program is using this port');
      if (refusal !== null) throw new DeviceError(refusal, `Replay refuses: ${refusal}`);
      sink = opened;
      return {
        write: async (bytes) => {
          written.push(Uint8Array.from(bytes));
        },
        close: async () => {
          if (sink === opened) sink = null;
        },
      };
    },
    watch(_path, hint) {
      hints.add(hint);
      return () => {
        hints.delete(hint);
      };
    },
    list: async () => (isPlugged ? [REPLAYED] : []),
  };

  const device: ReplayDevice = {
    written,
    plug() {
      isPlugged = true;
      tellHints();
    },
    unplug() {
      isPlugged = false;
      const lost = sink;
      sink = null;
      lost?.onGone(new DeviceError('gone', 'The device was unplugged'));
    },
    feed(chunk) {
      // A Buffer, as the real ones deliver: its `slice` is a view.
      sink?.onChunk(Buffer.from(chunk));
      return sink !== null;
    },
    refuse(code) {
      refusal = code;
    },
  };
  return { transport, device };
}
