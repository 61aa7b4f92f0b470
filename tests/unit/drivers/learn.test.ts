import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { readReport, readStream, toSetting } from '../../../drivers/learn.ts';
import { Learner, type LearnProgress } from '../../../drivers/learner.ts';
import { decodeProfiles } from '../../../drivers/profiles/decode.ts';
import { serialProfiles } from '../../../drivers/profiles/serial.ts';
import { must } from '../../../sync/base/must.ts';
import { createFakePorts } from '../../parts/fake-ports.ts';
import { reportA } from '../../parts/fake-hid.ts';

const TEXT = 'aA1-%&;=?@"';
const bytes = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'latin1'));

describe('a stream', () => {
  test.each([
    [`${TEXT}\r`, 'none', 'cr'],
    [`${TEXT}\r\n`, 'none', 'crlf'],
    [`${TEXT}\t`, 'none', 'tab'],
    [TEXT, 'none', 'idle'],
    [`]C0${TEXT}\r`, 'aim', 'aim cr'],
    [`]Q1${TEXT}\r\n`, 'aim', 'aim crlf'],
    [`j${TEXT}\r`, 'honeywell', 'honeywell-id cr'],
    [`P01${TEXT}\r\n`, 'zebra', 'zebra-id crlf'],
    [`\u0002${TEXT}\u0003`, 'none', 'stx-etx'],
    [`\u0002]C0${TEXT}\u0003`, 'aim', 'stx-etx'],
    [`#7${TEXT}\r`, 'none', null],
    [`${TEXT}!!`, 'none', null],
  ])('%j', (sent, identifiers, profile) => {
    const found = toSetting(must(readStream(bytes(sent), TEXT), 'holds the text'));
    expect([found.identifiers, found.profile]).toEqual([identifiers, profile]);
  });

  test('another text is no sample, nor one with much around it', () => {
    expect(readStream(bytes('4006381333931\r'), TEXT)).toBeNull();
    expect(readStream(bytes(`${'x'.repeat(17)}${TEXT}`), TEXT)).toBeNull();
  });
});

describe('a HID POS report', () => {
  const layoutOf = (report: Uint8Array) =>
    toSetting(must(readReport(report, TEXT), 'holds the text')).profile;
  const shifted = (from: number, head: string): Uint8Array => {
    const report = new Uint8Array(64);
    report.set([2, head.length + TEXT.length]);
    report.set(bytes(head + TEXT), from);
    return report;
  };
  test('tells its layout, with AIM bytes beside the text or before it', () => {
    expect([
      layoutOf(reportA(TEXT)),
      layoutOf(shifted(6, '')),
      layoutOf(shifted(2, '')),
      layoutOf(shifted(2, ']C0')),
    ]).toEqual(['hidpos A', "hidpos A'", 'hidpos B', 'hidpos B']);
  });
  test('a length beyond the report is no sample', () => {
    expect(readReport(Uint8Array.of(2, 250, 0, 0), TEXT)).toBeNull();
  });
});

/** A scanner of 115,200 that a port of any other speed hears as noise. */
function startLesson() {
  const ports = createFakePorts();
  const port = ports.add({});
  port.plug('/dev/ttyUSB0');
  const told: LearnProgress[] = [];
  const learner = new Learner({
    transport: ports.transport,
    path: '/dev/ttyUSB0',
    kind: 'serial',
    line: serialProfiles.auto.line,
    text: TEXT,
    onProgress: (progress) => told.push(progress),
  });
  const states = () => told.map(({ state }) => state);
  return { port, told, learner, states };
}

describe('a lesson', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  test('noise brings the next speed, and three scans alike the setting', async () => {
    const { port, told, learner, states } = startLesson();
    await learner.start();
    port.send('\u00f8\u0080x\u00f8');
    await vi.advanceTimersByTimeAsync(200);
    expect([states(), port.line()?.baudRate]).toEqual([['listening', 'wrong', 'listening'], 115_200]);
    port.send('rest of the scan before\r');
    await vi.advanceTimersByTimeAsync(500);
    for (let count = 0; count < 3; count += 1) {
      port.send(TEXT.slice(0, 4));
      port.send(`${TEXT.slice(4)}\r`);
      await vi.advanceTimersByTimeAsync(200);
    }
    expect(states().slice(3)).toEqual(['heard', 'heard', 'done']);
    const last = must(told.at(-1), 'told');
    expect([last.goodCount, last.line?.baudRate, last.found?.profile]).toEqual([3, 115_200, 'cr']);
    await learner.stop();
  });

  test('an unplug ends the lesson, and the port is let go', async () => {
    const { port, learner, states } = startLesson();
    await learner.start();
    port.unplug();
    expect(states()).toEqual(['listening', 'failed']);
    await learner.stop();
    port.plug('/dev/ttyUSB0');
    expect(port.send('x')).toBe(false);
  });
});

test('each profile that a lesson can end with exists', () => {
  expect(Object.keys(decodeProfiles)).toEqual(
    expect.arrayContaining([
      'aim idle',
      'zebra-id cr',
      'honeywell-id crlf',
      'hidpos A',
      "hidpos A'",
      'hidpos B',
    ]),
  );
});
