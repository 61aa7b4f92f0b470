import { closeSync, fstatSync, openSync } from 'node:fs';
import { mkdtemp, readlink, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { createScanner, createSerialScanner } from '../../../../drivers/scanner.ts';
import { readUntilHangUp } from '../../../../drivers/transports/hang-up-binding.ts';
import { watchPresence } from '../../../../drivers/transports/presence.ts';
import { createSerialTransport, toOpenError } from '../../../../drivers/transports/serial.ts';
import type { Scanner, SlotState } from '../../../../drivers/types.ts';
import { createPtyCable } from '../../../parts/pty.ts';

let folder: string;
let path: string;
let fd: number;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'counterfoil-serial-'));
  path = join(folder, 'port');
  await writeFile(path, '');
  fd = openSync(path, 'r');
});
afterEach(async () => {
  closeSync(fd);
  await rm(folder, { recursive: true, force: true });
});

describe('reading', () => {
  const pollerOf = (error: Error | null) => ({
    once: (_event: 'readable', done: (error: Error | null) => void) => done(error),
  });
  const portOf = (changes: { fd?: number | null; isOpen?: boolean }) => ({
    fd,
    isOpen: true,
    poller: pollerOf(null),
    read: () => Promise.reject(new Error('not used')),
    ...changes,
  });
  const readFrom = (port: ReturnType<typeof portOf>) =>
    readUntilHangUp(port, Buffer.alloc(8), { offset: 2, length: 4 });

  test('no bytes mean that the device hung up, not that one should read again', async () => {
    await expect(readFrom(portOf({}))).rejects.toThrow('hung up');
  });
  test('bytes arrive where they are wanted', async () => {
    await writeFile(path, '4006381');
    const { buffer, bytesRead } = await readFrom(portOf({}));
    expect([buffer.toString('latin1'), bytesRead]).toEqual(['\0\x004006\0\0', 4]);
  });
  test('a port that we closed is canceled, not unplugged', async () => {
    await expect(readFrom(portOf({ isOpen: false }))).rejects.toMatchObject({ canceled: true });
    await expect(readFrom(portOf({ fd: null }))).rejects.toMatchObject({ canceled: true });
  });
});

describe('presence', () => {
  test('a path that vanished is missing', async () => {
    const missing = new Promise((resolve) => watchPresence(path, fstatSync(fd), () => resolve('missing')));
    await rm(path);
    expect(await missing).toBe('missing');
  });
  test('a path that leads to another device is missing', async () => {
    const missing = new Promise((resolve) => watchPresence(path, fstatSync(fd), () => resolve('missing')));
    await writeFile(`${path}2`, '');
    await rename(`${path}2`, path);
    expect(await missing).toBe('missing');
  });
});

describe('opening', () => {
  test.each([
    ['Error Resource temporarily unavailable Cannot lock port', 'busy'],
    ['Error: Resource busy, cannot open /dev/tty.usbmodem1', 'busy'],
    ['Opening COM3: Access denied', 'busy'],
    ['Error: Permission denied, cannot open /dev/ttyACM0', 'denied'],
    ['Error: No such file or directory, cannot open /dev/ttyACM0', 'absent'],
    ['Opening COM3: File not found', 'absent'],
    ['Error: Inappropriate ioctl for device setting custom baud rate of 9600', 'not-a-port'],
    ['Opening COM3: Unknown error code 31', 'failed'],
  ])('%j is %s', (words, code) => {
    expect(toOpenError(new Error(words)).code).toBe(code);
  });

  test('a path that is no serial port says so and leaves the till alone', async () => {
    const transport = createSerialTransport();
    const scanner = createScanner({ path, profile: 'auto', ownPrefixes: [], transport });
    await scanner.open();
    expect([scanner.status().state, scanner.status().error?.code]).toEqual(['absent', 'not-a-port']);
    await scanner.close();
  });

  test('a folder that does not exist can be waited for', () => {
    const stop = createSerialTransport().watch(join(folder, 'none', 'port'), () => undefined);
    expect(stop).not.toThrow();
  });
});

test('a path that leads nowhere is gone though the port lives, and its handle is closed before the next', async () => {
  const cable = await createPtyCable();
  const scanner = createSerialScanner({ path: cable.path, profile: 'cr', ownPrefixes: [] });
  onTestFinished(async () => {
    await scanner.close();
    await cable.dispose();
  });
  await scanner.open();
  const target = await readlink(cable.path);
  const gone = nextState(scanner);
  await rm(cable.path);
  expect(await gone).toBe('gone');
  const states: SlotState[] = [];
  const ready = new Promise<void>((resolve) => {
    scanner.onState(({ state }) => {
      states.push(state);
      if (state === 'ready') resolve();
    });
  });
  await symlink(target, cable.path);
  await ready;
  expect(states).toEqual(['opening', 'ready']); // Not busy, as it would be beside the old handle.
});

const nextState = (scanner: Scanner): Promise<SlotState> =>
  new Promise((resolve) => {
    const remove = scanner.onState(({ state }) => {
      remove();
      resolve(state);
    });
  });
