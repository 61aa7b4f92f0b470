import { DeviceError } from '../types.ts';
import type { DeviceErrorCode, SessionSink, Transport } from '../types.ts';

/** The far end of a replay: what a hand at the cable and the scanner's trigger do. */
export interface ReplayDevice {
  plug(): void;
  unplug(): void;
  /** Delivers one chunk as it is; false when nobody has the device open, and the bytes are lost. */
  feed(chunk: Uint8Array): boolean;
  /** The next opens fail like this; null lets them succeed again. */
  refuse(code: DeviceErrorCode | null): void;
}

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
  };

  const device: ReplayDevice = {
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
      sink?.onChunk(Uint8Array.from(chunk));
      return sink !== null;
    },
    refuse(code) {
      refusal = code;
    },
  };
  return { transport, device };
}
