import { spawnSync } from 'node:child_process';
import { closeSync, constants, openSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest';
import { PARTIAL_SILENCE_MS } from '../../../../drivers/decode/framer.ts';
import { serialProfiles } from '../../../../drivers/profiles/serial.ts';
import { createSerialScanner } from '../../../../drivers/scanner.ts';
import { readUntilHangUp } from '../../../../drivers/transports/hang-up-binding.ts';
import { createSerialTransport } from '../../../../drivers/transports/serial.ts';
import type { Scanner } from '../../../../drivers/types.ts';
import { createPtyCable, type PtyCable } from '../../../parts/pty.ts';
import { laneCard, untilState } from '../../../parts/scanner-lane.ts';

let cable: PtyCable;
beforeEach(async () => {
  cable = await createPtyCable();
});
afterEach(() => cable.dispose());

/** What a till made of a cable: texts of scans and reasons of losses, in order. */
function listen(): { scanner: Scanner; told: string[]; until: (wanted: string) => Promise<void> } {
  const scanner = createSerialScanner({ path: cable.path, profile: 'cr', ownPrefixes: ['603555'] });
  onTestFinished(() => scanner.close());
  const told: string[] = [];
  let check = (): void => undefined;
  const tell = (words: string): void => {
    told.push(words);
    check();
  };
  scanner.onScan(({ kind, text }) => tell(`${kind} ${text}`));
  scanner.onLoss(({ why }) => tell(why));
  const until = (wanted: string): Promise<void> =>
    new Promise((resolve) => {
      check = () => {
        if (told.includes(wanted)) resolve();
      };
      check();
    });
  return { scanner, told, until };
}

const CARD = laneCard(1, 1);
const MEMBER = `member-card ${CARD}`;

test('all 256 bytes come through as they were sent, in any order of them', async () => {
  const bytes = Uint8Array.from({ length: 3 * 256 }, (_, at) => (at * 7) % 256);
  const seen: number[] = [];
  const session = await new Promise<{ close(): Promise<void> }>((resolve, reject) => {
    const opened = createSerialTransport().open(
      { path: cable.path, line: serialProfiles.cr.line },
      {
        onChunk: (chunk) => {
          seen.push(...chunk);
          if (seen.length >= bytes.length) opened.then(resolve, reject);
        },
        onGone: reject,
      },
    );
    opened.then(() => cable.send(bytes), reject);
  });
  await session.close();
  expect(seen).toEqual([...bytes]);
});

test('the port is locked while we hold it: a second till and another program are kept out, then let in', async () => {
  const first = listen();
  await first.scanner.open();
  const second = listen();
  await second.scanner.open();
  expect(second.scanner.status()).toMatchObject({ state: 'busy', error: { code: 'busy' } });
  expect(spawnSync('flock', ['--nonblock', cable.path, 'true']).status).toBe(1);
  cable.send(`${CARD}\r`);
  await first.until(MEMBER);
  expect(second.told).toEqual([]);
  const ready = untilState(second.scanner, 'ready');
  await first.scanner.close();
  await ready;
  cable.send(`${CARD}\r`);
  await second.until(MEMBER);
});

test('half a code from before the till was there does not join the first one', async () => {
  cable.send(CARD.slice(0, 8));
  const { scanner, told, until } = listen();
  await scanner.open();
  // A scanner's next code comes after a pause, which is what ends the half one.
  await pause(2 * PARTIAL_SILENCE_MS);
  cable.send(`${CARD}\r`);
  await until(MEMBER);
  expect(told.filter((words) => words !== 'partial')).toEqual([MEMBER]);
});

test('pulled in the middle of a frame: its half is forgotten and does not join what comes after', async () => {
  const { scanner, told, until } = listen();
  await scanner.open();
  const gone = untilState(scanner, 'gone');
  cable.send(CARD.slice(0, 8));
  await cable.unplug();
  await gone;
  const ready = untilState(scanner, 'ready');
  await cable.plug();
  await ready;
  cable.send(`${CARD.slice(8)}\r`);
  cable.send(`${CARD}\r`);
  await until(MEMBER);
  expect(told.filter((words) => words.startsWith('member-card'))).toEqual([MEMBER]);
});

test('a port that is closed while a read waits is canceled, and its freed poller is asked nothing', async () => {
  const fifo = join(dirname(cable.path), 'empty');
  spawnSync('mkfifo', [fifo]);
  const fd = openSync(fifo, constants.O_RDWR | constants.O_NONBLOCK);
  onTestFinished(() => closeSync(fd));
  let isAsked = false;
  const once = (_event: 'readable', done: (error: Error | null) => void): void => {
    isAsked = true;
    done(new Error('freed'));
  };
  const read = (): Promise<never> => Promise.reject(new Error('not used'));
  const port = { fd, isOpen: true, poller: { once }, read };
  const reading = readUntilHangUp(port, Buffer.alloc(8), { offset: 0, length: 8 });
  port.isOpen = false;
  await expect(reading).rejects.toMatchObject({ canceled: true });
  expect(isAsked).toBe(false);
});
