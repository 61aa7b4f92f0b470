import { constants } from 'node:fs';
import { access, readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { isKeyboard, isReadable } from '../profiles/usual.ts';
import { DeviceError } from '../types.ts';
import type { SeenDevice, Session, SessionSink, Transport, Unsubscribe } from '../types.ts';
import { holdDevice } from './device-lock.ts';
import { createNodeHidBinding, type HidBinding, type HidEntry, type HidHandle } from './hid-binding.ts';
import { watchPresence } from './presence.ts';
import { watchNames } from './watch-names.ts';

/** Only there are devices files. */
const isLinux = process.platform === 'linux';
const NODE = /^hidraw\d+$/;

/** `HID_PHYS` names bus and socket without the interface's own part. */
async function socketOf(path: string): Promise<string> {
  // A Windows path is made of the socket, since it has no serial number there.
  if (!isLinux) return path;
  const facts = await readFile(`/sys/class/hidraw/${basename(path)}/device/uevent`, 'utf8').catch(() => '');
  return /^HID_PHYS=(.*?)(?:\/input\d+)?$/m.exec(facts)?.[1] ?? '';
}

/** Entries of one path are one device. */
async function toSeen(entries: readonly HidEntry[]): Promise<SeenDevice[]> {
  const byPath = new Map<string, HidEntry>();
  for (const entry of entries) if (!byPath.has(entry.path)) byPath.set(entry.path, entry);
  return Promise.all(
    [...byPath.values()].map((first) =>
      toDevice(
        first,
        entries.filter(({ path }) => path === first.path),
      ),
    ),
  );
}

async function toDevice(first: HidEntry, entries: readonly HidEntry[]): Promise<SeenDevice> {
  const { path, vendorId, productId, serialNumber, maker, model } = first;
  const usages = entries.map(({ page, usage }) => ({ page, usage }));
  const socket = await socketOf(path);
  return {
    ...{ transport: 'hid', path, vendorId, productId },
    ...{ serialNumber, maker, model, usages, socket },
  };
}

/**
 * HID scanners and stripe readers; the page of their reports is told by `list`. A keyboard is never opened, so nothing
 * that somebody types is ever read here.
 */
export function createHidTransport(binding: HidBinding = createNodeHidBinding()): Transport {
  const list = async (): Promise<SeenDevice[]> => toSeen(await binding.list());
  return {
    list,
    isPresent: async (path) => (await list()).some((device) => device.path === path),
    async open({ path }, sink) {
      const seen = (await list()).find((device) => device.path === path);
      if (seen === undefined) throw new DeviceError('absent', 'Nothing is connected at this port');
      if (!isReadable(seen) || isKeyboard(seen)) {
        throw new DeviceError('not-a-port', 'This device is no scanner that can be opened');
      }
      await assertAllowed(path);
      return openHeld(binding, path, sink);
    },
    watch: (_path, hint) => (isLinux ? watchNames('/dev', (name) => NODE.test(name), hint) : () => undefined),
  };
}

async function assertAllowed(path: string): Promise<void> {
  if (!isLinux || !path.startsWith('/dev/')) return;
  try {
    await access(path, constants.R_OK | constants.W_OK);
  } catch (cause) {
    const isGone = cause instanceof Error && 'code' in cause && cause.code === 'ENOENT';
    if (isGone) throw new DeviceError('absent', 'Nothing is connected at this port', { cause });
    throw new DeviceError('denied', 'The system does not let this program use the port', { cause });
  }
}

async function openHeld(binding: HidBinding, path: string, sink: SessionSink): Promise<Session> {
  const release = await holdDevice(path);
  try {
    const handle = await binding.open(path);
    return await startSession(handle, { path, release, sink });
  } catch (cause) {
    await release();
    if (cause instanceof DeviceError) throw cause;
    throw new DeviceError('failed', 'The device did not open', { cause });
  }
}

interface SessionParts {
  readonly path: string;
  readonly release: () => Promise<void>;
  readonly sink: SessionSink;
}

async function startSession(handle: HidHandle, { path, release, sink }: SessionParts): Promise<Session> {
  let isReporting = true;
  let closing: Promise<void> | undefined;
  let stopPresence: Unsubscribe = () => undefined;

  function stop(): void {
    isReporting = false;
    stopPresence();
  }
  function lose(cause?: Error): void {
    if (!isReporting) return;
    stop();
    sink.onGone(new DeviceError('gone', 'The device was unplugged', { cause }));
  }
  handle.onError(lose);
  // At once: the system keeps 63 reports that nobody has read, and loses the others.
  handle.onReport((report) => {
    if (isReporting) sink.onChunk(report);
    else report.fill(0);
  });

  async function closeAll(): Promise<void> {
    await handle.close().catch(() => undefined);
    await release();
  }
  const session: Session = {
    write: (bytes) =>
      handle.write(bytes).catch((cause: unknown) => {
        throw new DeviceError('gone', 'The device took nothing', { cause });
      }),
    close() {
      stop();
      closing ??= closeAll();
      return closing;
    },
  };
  const opened = isLinux ? await stat(path).catch(() => null) : null;
  if (opened !== null && isReporting) stopPresence = watchPresence(path, opened, () => lose());
  return session;
}
