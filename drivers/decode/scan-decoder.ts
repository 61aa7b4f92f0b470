import { isAim } from './aim.ts';
import { classify, type DecodeRules, type Reading } from './classify.ts';
import { stripCodeId, symbologyOfCodeId, type Identifiers } from './code-id.ts';
import { DoubleReads } from './double-read.ts';
import { decodeEci, toLatin1, type Charset } from './eci.ts';
import { Framer, type FrameEvent, type Framing } from './framer.ts';
import { CONTINUED_SILENCE_MS, HidPosReader, type HidPosLayout } from './hid-pos.ts';
import { DOCUMENT_SILENCE_MS, isDocumentPart } from './id-document.ts';
import { countLineNoise, stripLineNoise } from './line-noise.ts';
import { readMagneticReport, type MagneticLayout } from './magnetic-report.ts';
import { isTrackText, readMagnetic } from './magnetic.ts';
import { parityHint } from './parity.ts';
import { toError, toScan, type ScanEvent } from './scan-event.ts';
import { readAim, type Symbology } from './symbology.ts';
import { bytesToText } from './text.ts';

/** What a chunk is: a piece of a stream, or a whole report. */
export type DecodeInput =
  | { readonly kind: 'stream'; readonly framing: Framing }
  | { readonly kind: 'hid-pos'; readonly layout: HidPosLayout }
  | { readonly kind: 'msr-report'; readonly layout: MagneticLayout };

/** How a device speaks. */
export interface DecodeProfile {
  readonly input: DecodeInput;
  readonly identifiers: Identifiers;
  /** A reader of magnetic stripes on a stream: what is no track is a bad swipe. `lrc`: check characters follow. */
  readonly magnetic?: 'plain' | 'lrc';
  /** What bytes are that carry no ECI and are no UTF-8. */
  readonly charset?: Charset;
}

export interface ScanDecoderOptions extends DecodeProfile, DecodeRules {}

export interface ScanDecoder {
  /** @param atMs Monotonic clock. The caller wipes `chunk`. */
  readonly push: (chunk: Uint8Array, atMs: number) => ScanEvent[];
  /** Ends or drops what has waited for its rest for `silenceMs`; call it once that has passed. */
  readonly expire: (atMs: number) => ScanEvent[];
  readonly isPending: () => boolean;
  readonly silenceMs: number;
  /** Forgets everything, as after an unplug. */
  readonly reset: () => void;
}

const NO_ISSUES: readonly string[] = [];

/** Bytes of one code, with what the transport knew about it. */
interface Frame {
  readonly bytes: Uint8Array;
  readonly aim: string | null;
  readonly codeId: string | null;
}

/** An add-on that comes on its own belongs to the main symbol so long before it. */
const ADD_ON_MS = 400;

/** Bytes to events, in order: framer, noise, identifiers, payload, card guard, kind, double reads. Never throws. */
export function createScanDecoder(options: ScanDecoderOptions): ScanDecoder {
  const { input } = options;
  const pipeline = new Pipeline(options);
  if (input.kind === 'stream') return decodeStream(new Framer(input.framing, options.ownPrefixes), pipeline);
  return input.kind === 'hid-pos'
    ? decodeHidPos(new HidPosReader(input.layout), pipeline)
    : decodeSwipes(input.layout, pipeline, options);
}

function decodeStream(framer: Framer, pipeline: Pipeline): ScanDecoder {
  const take = (events: readonly FrameEvent[], atMs: number): ScanEvent[] => {
    const taken: ScanEvent[] = [];
    for (const event of events) {
      const result =
        event.type === 'frame'
          ? pipeline.take({ bytes: event.bytes, aim: null, codeId: null }, atMs)
          : toLoss(event);
      if (result !== null) taken.push(result);
    }
    return taken;
  };
  return {
    push: (chunk, atMs) => take(framer.push(chunk, atMs), atMs),
    expire: (atMs) => take(framer.expire(atMs), atMs),
    isPending: () => framer.isPending(),
    silenceMs: framer.silenceMs,
    reset: () => {
      framer.reset();
      pipeline.reset();
    },
  };
}

/** Null for the loss of what was never part of a code, as the second half of an ending. */
function toLoss(event: Exclude<FrameEvent, { type: 'frame' }>): ScanEvent | null {
  if (event.type === 'reply') return event;
  if (event.type === 'blocked') {
    const { masked } = event;
    return { type: 'scan', scan: toScan({ kind: 'blocked-payment-card', text: '', ...SWIPED, masked }) };
  }
  const hint = parityHint(event.sample);
  const isNoise = event.sample.length === event.byteCount && stripLineNoise(event.sample).length === 0;
  event.sample.fill(0);
  if (isNoise) return null;
  return hint === null
    ? toError(event.why, event.byteCount)
    : toError('parity-suspect', event.byteCount, hint);
}

const SWIPED = { symbology: 'msr', isDeclared: false, aim: null } as const;

function decodeHidPos(reader: HidPosReader, pipeline: Pipeline): ScanDecoder {
  const take = (events: ReturnType<HidPosReader['push']>, atMs: number): ScanEvent[] => {
    const taken: ScanEvent[] = [];
    for (const event of events) {
      const result = event.type === 'frame' ? pipeline.take(event, atMs) : event;
      if (result === null) continue;
      if (result.type === 'scan' && isProof(result.scan.kind)) reader.lock();
      taken.push(result);
    }
    return taken;
  };
  return {
    push: (chunk, atMs) => take(reader.push(chunk, atMs), atMs),
    expire: (atMs) => take(reader.expire(atMs), atMs),
    isPending: () => reader.isPending(),
    silenceMs: CONTINUED_SILENCE_MS,
    reset: () => {
      reader.reset();
      pipeline.reset();
    },
  };
}

/** Kinds that a check digit has proved. */
const isProof = (kind: string): boolean =>
  kind === 'product' || kind === 'member-card' || kind === 'logistic';

function decodeSwipes(layout: MagneticLayout, pipeline: Pipeline, options: ScanDecoderOptions): ScanDecoder {
  const { ownPrefixes } = options;
  return {
    push: (chunk, atMs) => {
      const event = readMagneticReport(chunk, { layout, ownPrefixes });
      return event === null ? [] : [pipeline.settle(event, atMs)];
    },
    expire: () => [],
    isPending: () => false,
    silenceMs: 0,
    reset: () => pipeline.reset(),
  };
}

/** From one frame to its event; remembers only what was read last. */
class Pipeline {
  readonly #options: ScanDecoderOptions;
  readonly #doubleReads: DoubleReads;
  #documentUntilMs = Number.NEGATIVE_INFINITY;
  #retailUntilMs = Number.NEGATIVE_INFINITY;

  constructor(options: ScanDecoderOptions) {
    this.#options = options;
    this.#doubleReads = new DoubleReads(options.walletPrefixes ?? []);
  }

  reset(): void {
    this.#doubleReads.reset();
    this.#documentUntilMs = Number.NEGATIVE_INFINITY;
    this.#retailUntilMs = Number.NEGATIVE_INFINITY;
  }

  /** Null for a frame of nothing. Wipes `bytes`. */
  take(frame: Frame, atMs: number): ScanEvent | null {
    const stripped = stripLineNoise(frame.bytes);
    const noise = countLineNoise(frame.bytes, stripped);
    const event =
      stripped.length === 0
        ? null
        : this.#read(stripped, { bytes: frame.bytes, aim: frame.aim, codeId: frame.codeId, noise }, atMs);
    frame.bytes.fill(0);
    return event === null ? null : this.settle(event, atMs);
  }

  /** Takes out what was told before. */
  settle(event: ScanEvent, atMs: number): ScanEvent {
    if (event.type !== 'scan') return event;
    const { scan } = event;
    if (scan.symbology === 'ean-add-on' && atMs < this.#retailUntilMs)
      return { type: 'suppressed', why: 'add-on' };
    if (scan.kind === 'product') this.#retailUntilMs = atMs + ADD_ON_MS;
    return this.#doubleReads.isRepeat(scan, atMs) ? { type: 'suppressed', why: 'double-read' } : event;
  }

  #read(bytes: Uint8Array, frame: Frame & { noise: number }, atMs: number): ScanEvent | null {
    const hint = parityHint(bytes);
    if (hint !== null) return toError('parity-suspect', bytes.length, hint);
    const { magnetic, ownPrefixes } = this.#options;
    if (magnetic !== undefined) {
      return readMagnetic(toLatin1(bytes), { ownPrefixes, hasLrc: magnetic === 'lrc' });
    }
    const reading = toReading(bytes, frame, this.#options);
    if (reading === null) return null;
    if (this.#isDocumentPart(reading, atMs)) return null;
    const event = classify(reading, this.#options);
    if (event.type === 'scan' && event.scan.kind === 'id-document') {
      this.#documentUntilMs = atMs + DOCUMENT_SILENCE_MS;
    }
    return event;
  }

  /** A licence holds the ending of the frame inside: its pieces are refused with it. */
  #isDocumentPart({ text, aim }: Reading, atMs: number): boolean {
    if (aim !== null || atMs >= this.#documentUntilMs || !isDocumentPart(text)) return false;
    this.#documentUntilMs = atMs + DOCUMENT_SILENCE_MS;
    return true;
  }
}

/** Identifiers off, bytes to text. Null when nothing is left. */
function toReading(
  bytes: Uint8Array,
  frame: Frame & { noise: number },
  { identifiers, charset }: ScanDecoderOptions,
): Reading | null {
  const isAimInside = identifiers === 'aim' && frame.aim === null && bytes[0] === 0x5d;
  const head = isAimInside ? headOf(bytes) : frame.aim;
  const aim = head !== null && isAim(head) ? head : null;
  const body = isAimInside && aim !== null ? bytes.subarray(3) : bytes;
  const declared = aim === null ? null : readAim(aim);
  const noise = frame.noise > 0 ? [`line-noise(${frame.noise})`] : NO_ISSUES;
  const eci = declared?.hasEci === true ? decodeEci(body) : null;
  const issues = eci === null || eci.issues.length === 0 ? noise : [...noise, ...eci.issues];
  const text = trimEnds(eci === null ? bytesToText(body, charset) : eci.text);
  if (text === '') return null;
  const byteCount = bytes.length;
  if (declared !== null) {
    return { text, symbology: declared.symbology, isDeclared: true, aim, issues, byteCount };
  }
  return { ...toNamed(text, frame.codeId, identifiers), aim, issues, byteCount };
}

const headOf = (bytes: Uint8Array): string =>
  String.fromCharCode(bytes[0] ?? 0, bytes[1] ?? 0, bytes[2] ?? 0);

/** What a maker's own identifier says, in front of the text or beside it. */
function toNamed(
  text: string,
  codeId: string | null,
  identifiers: Identifiers,
): { text: string; symbology: Symbology; isDeclared: boolean } {
  const beside = codeId === null ? null : symbologyOfCodeId(codeId, 'honeywell');
  if (beside !== null) return { text, symbology: beside, isDeclared: true };
  if (identifiers === 'honeywell' || identifiers === 'zebra') {
    const { symbology, text: coded } = stripCodeId(text, identifiers);
    if (symbology !== null && coded !== '') return { text: coded, symbology, isDeclared: true };
  }
  return { text, symbology: isTrackText(text) ? 'msr' : 'unknown', isDeclared: false };
}

/** Spaces at the ends are a scanner's padding; a GS there is part of an element string. */
function trimEnds(text: string): string {
  const first = text.charCodeAt(0);
  const last = text.charCodeAt(text.length - 1);
  return first > 0x20 && first < 0x7f && last > 0x20 && last < 0x7f ? text : text.trim();
}
