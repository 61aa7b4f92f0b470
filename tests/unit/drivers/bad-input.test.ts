import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { FRAME_BYTES_MAX, PARTIAL_SILENCE_MS } from '../../../drivers/decode/framer.ts';
import { CONTINUED_SILENCE_MS } from '../../../drivers/decode/hid-pos.ts';
import type { DecodeProfileName } from '../../../drivers/profiles/decode.ts';
import { createScanner } from '../../../drivers/scanner.ts';
import { createReplay, type ReplayDevice } from '../../../drivers/transports/replay.ts';
import { posReport, swipeReport, VECTOR_RULES, withParity } from '../../vectors/vector.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

const CARD = '6035550000001230';
const MEMBER = `member-card ${CARD}`;
const EAN = '4006381333931';
const SILENCE_MS = 1000;

const bytes = (text: string): Buffer => Buffer.from(text, 'latin1');
const hex = (digits: string): Buffer => Buffer.from(digits, 'hex');

/** What a till is told while `act` plays with the device; a good card counts after it. */
async function toldBy(
  profile: DecodeProfileName,
  act: (device: ReplayDevice) => void | Promise<void>,
): Promise<string[]> {
  const { transport, device } = createReplay();
  const clock = { nowMs: () => Date.now(), monotonicMs: () => Date.now() };
  const scanner = createScanner({ ...VECTOR_RULES, path: 'replay', profile, transport, clock });
  const told: string[] = [];
  scanner.onScan(({ kind, text }) => told.push(`${kind} ${text}`));
  scanner.onLoss(({ why }) => told.push(why));
  await scanner.open();
  await act(device);
  await vi.advanceTimersByTimeAsync(SILENCE_MS);
  const bad = told.splice(0);
  const isReport = profile.startsWith('hidpos') || profile.startsWith('msr');
  const good = profile.startsWith('msr')
    ? swipeReport(['', `;${CARD}=4912?`])
    : posReport(CARD, { aim: ']C0' });
  device.feed(isReport ? hex(good) : bytes(`${CARD}\r`));
  await scanner.close();
  expect(told).toEqual([MEMBER]);
  return bad;
}

const feeding =
  (...chunks: (string | Buffer)[]) =>
  (device: ReplayDevice): void => {
    for (const chunk of chunks) device.feed(typeof chunk === 'string' ? bytes(chunk) : chunk);
  };

interface Row {
  readonly profile: DecodeProfileName;
  readonly chunks: readonly (string | Buffer)[];
  readonly wanted: readonly string[];
}
const row = (profile: DecodeProfileName, chunks: Row['chunks'], wanted: Row['wanted']): Row => ({
  profile,
  chunks,
  wanted,
});

describe('on a line', () => {
  test.each<[string, Row]>([
    ['partial', row('cr', [CARD.slice(0, 9)], ['partial'])],
    ['overlong', row('cr', [`${'x'.repeat(FRAME_BYTES_MAX + 1)}${CARD}\r`], ['overlong'])],
    ['garbled', row('cr', ['\x00\xff\x81\xfe60355500@#\x90\x00\r'], ['unknown'])],
    ['wrong parity', row('cr', [hex(withParity(`${CARD}\r`, 'odd'))], ['parity-suspect'])],
    ['a wrong check digit of a card', row('cr', ['6035550000001231\r'], ['luhn'])],
    ['a wrong check digit of a product', row('aim cr', [']E04006381333932\r'], ['check-digit'])],
    ['a wrong check digit without identifier', row('cr', ['4006381333932\r'], ['check-digit'])],
    ['two scans in one chunk', row('cr', ['FIRST\rSECOND\r'], ['unknown', 'unknown'])],
    ['one scan in fifty chunks', row('cr', [...'x'.repeat(49), '\r'], ['unknown'])],
    ['endings alone', row('auto', ['\r\n\r\n\t\n\r'], [])],
  ])('%s', async (_name, { profile, chunks, wanted }) => {
    const told = await toldBy(profile, feeding(...chunks));
    expect(told.map((words) => words.split(' ')[0])).toEqual(wanted);
  });

  test('stale bytes of a read that broke off are a loss and do not join the next', async () => {
    const told = await toldBy('cr', async (device) => {
      device.feed(bytes(CARD.slice(0, 10)));
      await vi.advanceTimersByTimeAsync(PARTIAL_SILENCE_MS + 2);
      device.feed(bytes(`${CARD.slice(10)}\r`));
    });
    expect(told).toEqual(['partial', `unknown ${CARD.slice(10)}`]);
  });

  test('unplugged in mid-frame', async () => {
    const told = await toldBy('cr', async (device) => {
      device.feed(bytes(CARD.slice(0, 10)));
      device.unplug();
      await vi.advanceTimersByTimeAsync(100);
      device.plug();
      await vi.advanceTimersByTimeAsync(SILENCE_MS);
      device.feed(bytes(`${CARD.slice(10)}\r`));
    });
    expect(told).toEqual([`unknown ${CARD.slice(10)}`]);
  });
});

describe('in reports', () => {
  const report = posReport(CARD, { aim: ']C0' });
  const endless = Array.from({ length: 160 }, () => continued('x'.repeat(56)));
  const tooLong = `000000ffffff${'00'.repeat(331)}`;
  const unread = swipeReport(['%E?', ';E?'], { status: [1, 1, 1] });
  test.each<[string, Row]>([
    ['a wrong layout', row('hidpos A', [hex(posReport(EAN, { layout: 'B' }))], ['layout'])],
    ['a length beyond the report', row('hidpos A', [hex(`02ff${report.slice(4)}`)], ['length'])],
    ['a report cut short', row('hidpos A', [hex(report).subarray(0, 12)], ['length'])],
    ['a report of nothing', row('hidpos auto', [Buffer.alloc(0), Buffer.alloc(64)], [])],
    ['a foreign report', row('hidpos auto', [hex(`09${report.slice(2)}`)], [])],
    ['a code whose rest never comes', row('hidpos A', [continued('x'.repeat(56))], ['partial'])],
    ['a code that never ends', row('hidpos A', endless, ['overlong', 'partial'])],
    ['a swipe with impossible lengths', row('msr vendor 337', [hex(tooLong)], ['length'])],
    ['a swipe that could not be read', row('msr vendor 337', [hex(unread)], ['msr-read'])],
  ])('%s', async (_name, { profile, chunks, wanted }) => {
    const told = await toldBy(profile, feeding(...chunks));
    expect(told).toEqual(wanted);
  });

  test('the rest of a code that comes too late is a loss and no member', async () => {
    const told = await toldBy('hidpos A', async (device) => {
      device.feed(continued(`K${'0'.repeat(55)}`));
      await vi.advanceTimersByTimeAsync(CONTINUED_SILENCE_MS + 2);
      device.feed(hex(posReport('REST', { aim: ']C0' })));
    });
    expect(told).toEqual(['partial', 'unknown REST']);
  });

  test('a flood of 10,000 reports at once: each is told as what it is, none is made up', async () => {
    const count = 10_000;
    const told = await toldBy('hidpos auto', (device) => {
      for (let at = 0; at < count; at += 1) device.feed(hex(posReport(`K${at}`, { aim: ']C0' })));
    });
    expect(told).toEqual(Array.from({ length: count }, (_, at) => `unknown K${at}`));
  });
});

function continued(data: string): Buffer {
  return hex(posReport(data, { aim: ']C0', isContinued: true }));
}

describe('a hostile QR code is an unknown text, whole, and nothing else', () => {
  const texts = [
    ['8 KB of text', 'A'.repeat(FRAME_BYTES_MAX - 10)],
    ['8 KB of digits', '9'.repeat(FRAME_BYTES_MAX - 10)],
    ['8 KB that begin as a card', `${CARD} ${'x'.repeat(8000)}`],
    ['control characters', `K\x01\x02\x03\x07\x08\x1b[2J\x7f`],
    ['a script', `<script>alert('${CARD}')</script>`],
    ['an image with a handler', '"><img src=x onerror=alert(1)>'],
    ['SQL', `'; DROP TABLE members; -- ${CARD}`],
    ['a path', '../../../../etc/passwd'],
    ['a path of Windows', 'C:\\Windows\\System32\\config\\SAM'],
    ['a template', '{{constructor.constructor("return 1")()}}${7*7}%{7*7}'],
    ['a link that runs', 'javascript:alert(1)'],
    ['a link to a file', 'file:///etc/passwd'],
    ['a link with a card in it', `https://example.org/?card=${CARD}`],
    ['a name that objects have', '__proto__'],
    ['text that turns round', '\u202e0321000000555306'],
  ] as const;
  test.each(texts)('%s', async (_name, text) => {
    const encoded = Buffer.from(`]Q1${text}\r`);
    const [told, ...more] = await toldBy('aim cr', feeding(encoded));
    expect([told?.split(' ')[0], more]).toEqual(['unknown', []]);
    expect(told?.slice('unknown '.length)).toBe(text);
  });
});
