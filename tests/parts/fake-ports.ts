import { DeviceError, type LineOptions, type SeenDevice, type SessionSink } from '../../drivers/types.ts';
import type { Transport } from '../../drivers/types.ts';

type PortFacts = Partial<Omit<SeenDevice, 'transport' | 'path' | 'usages'>>;

export interface FakePort {
  plug(path: string): void;
  unplug(): void;
  /** False when nobody has it open. */
  send(text: string): boolean;
  readonly written: readonly string[];
  /** The line that it was opened with last. */
  readonly line: () => LineOptions | null;
}

interface Open {
  readonly sink: SessionSink;
  readonly line: LineOptions;
}

/** Serial ports with a USB identity, which pseudo terminals have not; tells hints as a directory watch does. */
export function createFakePorts() {
  const ports = new Map<string, { seen: SeenDevice; written: string[]; open: Open | null }>();
  const hints = new Set<() => void>();
  const tell = (): void => {
    for (const hint of hints) hint();
  };
  const transport: Transport = {
    list: async () => [...ports.values()].map(({ seen }) => seen),
    isPresent: async (path) => ports.has(path),
    open: async ({ path, line }, sink) => {
      const port = ports.get(path);
      if (port === undefined) throw new DeviceError('absent', 'Nothing is connected at this port');
      if (port.open !== null) throw new DeviceError('busy', 'Another program is using this port');
      const open = { sink, line };
      port.open = open;
      return {
        write: async (bytes) => void port.written.push(Buffer.from(bytes).toString('latin1')),
        close: async () => {
          if (port.open === open) port.open = null;
        },
      };
    },
    watch: (_path, hint) => {
      hints.add(hint);
      return () => void hints.delete(hint);
    },
  };
  function add(facts: PortFacts): FakePort {
    const written: string[] = [];
    let at: string | null = null;
    let line: LineOptions | null = null;
    const here = () => (at === null ? undefined : ports.get(at));
    return {
      plug(path) {
        at = path;
        const words = { maker: '', model: '', serialNumber: '', socket: '', vendorId: null, productId: null };
        const seen: SeenDevice = { ...words, ...facts, transport: 'serial', path, usages: [] };
        ports.set(path, { seen, written, open: null });
        tell();
      },
      unplug() {
        const lost = here()?.open;
        if (at !== null) ports.delete(at);
        at = null;
        lost?.sink.onGone(new DeviceError('gone', 'The device was unplugged'));
        tell();
      },
      send(text) {
        const open = here()?.open ?? null;
        line = open?.line ?? line;
        open?.sink.onChunk(Uint8Array.from(Buffer.from(text, 'latin1')));
        return open !== null;
      },
      written,
      line: () => here()?.open?.line ?? line,
    };
  }
  return { transport, add };
}
