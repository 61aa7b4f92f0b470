import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import {
  FRAME_BYTES_MAX,
  Framer,
  idleMsOf,
  PARTIAL_SILENCE_MS,
  type FrameEvent,
  type Framing,
} from '../../../../drivers/decode/framer.ts';

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const shown = (events: readonly FrameEvent[]): string[] =>
  events.map((event) => {
    if (event.type === 'frame') return new TextDecoder().decode(event.bytes);
    if (event.type === 'loss') return `${event.why} ${event.byteCount}`;
    return event.type === 'blocked' ? event.masked : event.reply;
  });
const sizeOf = (event: FrameEvent): number => {
  if (event.type === 'reply') return 1;
  return event.type === 'frame' ? event.bytes.length : event.byteCount;
};
const suffix = (...endings: string[]): Framing => ({ kind: 'suffix', endings });
const pushAll = (framer: Framer, ...chunks: string[]): string[] =>
  chunks.flatMap((chunk) => shown(framer.push(bytesOf(chunk), 0)));

describe('suffix framing', () => {
  test.each([
    ['\r', 'A\rB\r'],
    ['\n', 'A\nB\n'],
    ['\r\n', 'A\r\nB\r\n'],
    ['\t', 'A\tB\t'],
  ])('cuts at %j', (ending, stream) => {
    expect(pushAll(new Framer(suffix(ending)), stream)).toEqual(['A', 'B']);
  });

  test('CR LF needs both, next to each other, also across chunks', () => {
    expect(pushAll(new Framer(suffix('\r\n')), 'A\rB\n', 'C\r', '\n')).toEqual(['A\rB\nC']);
  });

  test('either of two endings cuts, and empty frames are no frames', () => {
    expect(pushAll(new Framer(suffix('\r', '\n')), 'A\r\n\r\nB\n')).toEqual(['A', 'B']);
  });

  test('a frame of the largest size passes, one byte more is lost with its tail', () => {
    const largest = 'x'.repeat(FRAME_BYTES_MAX);
    for (const ending of ['\r', '\r\n']) {
      const framer = new Framer(suffix(ending));
      expect(pushAll(framer, largest + ending)).toEqual([largest]);
      const [loss, ...rest] = pushAll(framer, `${largest}yTAIL${ending}NEXT${ending}`);
      expect([loss?.split(' ')[0], rest]).toEqual(['overlong', ['NEXT']]);
    }
  });

  test('silence drops what was begun, before the next chunk and on demand', () => {
    const framer = new Framer(suffix('\r'));
    framer.push(bytesOf('HALF'), 1000);
    expect(shown(framer.expire(1000 + PARTIAL_SILENCE_MS - 1))).toEqual([]);
    expect(shown(framer.push(bytesOf('4006\r'), 1000 + PARTIAL_SILENCE_MS))).toEqual(['partial 4', '4006']);
    framer.push(bytesOf('AGAIN'), 2000);
    expect([framer.isPending(), shown(framer.expire(2200)), framer.isPending()]).toEqual([
      true,
      ['partial 5'],
      false,
    ]);
  });

  test('silence ends the skipping after an overlong frame too', () => {
    const framer = new Framer(suffix('\r'));
    framer.push(bytesOf('x'.repeat(FRAME_BYTES_MAX + 9)), 0);
    expect(shown(framer.push(bytesOf('NEXT\r'), 500))).toEqual(['NEXT']);
  });

  test('reset forgets silently', () => {
    const framer = new Framer(suffix('\r'));
    framer.push(bytesOf('HALF'), 0);
    framer.reset();
    expect(pushAll(framer, 'NEXT\r')).toEqual(['NEXT']);
  });
});

describe('idle framing', () => {
  const framing: Framing = { kind: 'idle', silenceMs: 50 };
  test('silence ends a frame, endings are part of it', () => {
    const framer = new Framer(framing);
    expect(shown(framer.push(bytesOf('40063'), 0))).toEqual([]);
    expect(shown(framer.push(bytesOf('81\r'), 49))).toEqual([]);
    expect([shown(framer.expire(98)), shown(framer.expire(99)), framer.isPending()]).toEqual([
      [],
      ['4006381\r'],
      false,
    ]);
    expect(shown(framer.push(bytesOf('NEXT'), 200))).toEqual([]);
    expect(shown(framer.push(bytesOf('LAST'), 300))).toEqual(['NEXT']);
  });

  test('a flood without a pause is lost once, with its tail', () => {
    const framer = new Framer(framing);
    const largest = 'x'.repeat(FRAME_BYTES_MAX);
    expect(pushAll(framer, largest)).toEqual([]);
    expect(shown(framer.expire(50))).toEqual([largest]);
    expect(pushAll(framer, `${largest}y`, largest)).toEqual([`overlong ${FRAME_BYTES_MAX + 1}`]);
    expect(shown(framer.expire(50))).toEqual([]);
  });

  test('a slow line waits for longer', () => {
    expect([idleMsOf(9600), idleMsOf(1200), idleMsOf(115_200)]).toEqual([50, 84, 50]);
  });
});

describe('card guard', () => {
  const track = ';4111111111111111=29121010000000000000?';
  test('a track is a payment card from the separator on: nothing of it is kept, whole or torn', () => {
    const framer = new Framer(suffix('\r'));
    expect(pushAll(framer, `${track}\rA\r`)).toEqual(['411111******1111', 'A']);
    expect(pushAll(framer, track.slice(0, 18))).toEqual([]);
    expect(shown(framer.expire(300))).toEqual(['411111******1111']);
  });
  test('the number is gone from memory before the frame ends', () => {
    const kept: Uint8Array[] = [];
    const make = Uint8Array.prototype.fill;
    const spy = vi.spyOn(Uint8Array.prototype, 'fill').mockImplementation(function fill(
      this: Uint8Array,
      ...wiped
    ) {
      kept.push(this);
      return make.apply(this, wiped);
    });
    const framer = new Framer(suffix('\r'));
    framer.push(bytesOf(track.slice(0, 18)), 0);
    spy.mockRestore();
    const buffer = kept.find(({ length }) => length > FRAME_BYTES_MAX);
    expect(new TextDecoder().decode(buffer?.subarray(0, 32))).toBe('\0'.repeat(32));
  });
  test('an own card’s track is a frame like any other', () => {
    const own = ';6035550000001230=4912?';
    expect(pushAll(new Framer(suffix('\r'), ['603555']), `${own}\r`)).toEqual([own]);
  });
});

test('ACK and NAK between frames are the scanner’s answers, inside one they are data', () => {
  const framer = new Framer(suffix('\r'));
  expect(pushAll(framer, '\x06', 'A\x15B\r', '\x15')).toEqual(['ack', 'A\x15B', 'nak']);
});

describe('STX ETX framing', () => {
  const framing: Framing = { kind: 'stx-etx' };
  test('takes only what stands between the two', () => {
    expect(pushAll(new Framer(framing), 'noise\x02A\rB\x03\r\n\x02C\x03')).toEqual(['A\rB', 'C']);
  });
  test('a new start inside a frame loses the first and keeps the second', () => {
    expect(pushAll(new Framer(framing), '\x0240063\x025901234123457\x03')).toEqual([
      'partial 5',
      '5901234123457',
    ]);
  });
});

test('any bytes in any chunks at any times: never throws, frames are bounded, no byte is told twice', () => {
  const framings: Framing[] = [suffix('\r'), suffix('\r\n'), suffix('\r', '\n'), { kind: 'stx-etx' }];
  const chunk = fc.tuple(fc.uint8Array({ maxLength: 64 }), fc.double());
  fc.assert(
    fc.property(fc.constantFrom(...framings), fc.array(chunk), fc.nat(3), (framing, chunks, repeats) => {
      const framer = new Framer(framing);
      let sent = 0;
      let told = 0;
      for (const [bytes, atMs] of chunks) {
        const many = Uint8Array.from(
          { length: bytes.length * 10 ** repeats },
          (_, at) => bytes[at % bytes.length] ?? 0,
        );
        sent += many.length;
        for (const event of framer.push(many, atMs)) {
          const size = sizeOf(event);
          expect(size).toBeGreaterThan(0);
          expect(size).toBeLessThanOrEqual(FRAME_BYTES_MAX + 2);
          told += size;
        }
      }
      expect(told).toBeLessThanOrEqual(sent);
    }),
    { numRuns: 200 },
  );
});

test('how a stream is cut into chunks changes nothing', () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom(2, 3, 6, 10, 13, 52, 61, 65), { maxLength: 80 }),
      fc.nat(80),
      (bytes, cut) => {
        for (const framing of [suffix('\r'), suffix('\r\n'), { kind: 'stx-etx' } as const]) {
          const whole = new Framer(framing).push(Uint8Array.from(bytes), 0);
          const split = new Framer(framing);
          const first = split.push(Uint8Array.from(bytes.slice(0, cut)), 0);
          expect([...first, ...split.push(Uint8Array.from(bytes.slice(cut)), 0)]).toEqual(whole);
        }
      },
    ),
  );
});
