import { expect, test } from 'vitest';
import type { ScanEvent } from '../../../../drivers/decode/scan-event.ts';
import {
  createWedgeDetector,
  type WedgeDecision,
  type WedgeDetector,
} from '../../../../drivers/decode/wedge.ts';
import type { WedgeKey } from '../../../../drivers/decode/wedge-key.ts';
import { luhnDigit } from '../../../../sync/base/card-number.ts';
import { createRandom, type Random } from '../../../sim/random.ts';

const PEOPLE = 10_000;
const SEED = 20_261_122;
const WORDS_PER_MINUTE = { min: 20, max: 120 };
/** A word of the measure is five signs. */
const msPerSign = (wordsPerMinute: number): number => 60_000 / (wordsPerMinute * 5);
/** Fingers of two hands roll: some pairs come much faster than the rest, however fast somebody is. */
const ROLL = { share: 0.1, minMs: 25, maxMs: 60 };
/** Pauses scatter by a factor of about this; skilled people scatter less than others. */
const SCATTER = { min: 0.3, max: 0.5 };
const NEVER_BELOW_MS = 12;
const SCANS = 10_000;
const SCAN_GAP_MS = { min: 5, max: 30, late: 40 };

const WORDS =
  'tan wei ling lim hui min kumar o’neill maria garcia 91234567 +6591110001 6035550000001230 ' +
  'wei.ling@example.org anna-lena 12 Orchard Road #05-11 4006381333931 2026-11-22 refund coffee 500';

interface Stroke {
  readonly key: string;
  readonly gapMs: number;
}

/** What somebody writes into a field, with the pause before each key; ended by Enter or Tab, or by nothing. */
function typing(random: Random): Stroke[] {
  const { min, max } = WORDS_PER_MINUTE;
  const meanMs = msPerSign(min + random.next() * (max - min));
  const scatter = SCATTER.min + random.next() * (SCATTER.max - SCATTER.min);
  const words = WORDS.split(' ');
  const text = Array.from({ length: random.between(1, 3) }, () => random.pick(words)).join(' ');
  const ending = random.pick(['Enter', 'Enter', 'Tab', '']);
  const keys = [...text].flatMap((sign) => (/[A-Z+@#]/.test(sign) ? ['Shift', sign] : [sign]));
  return [...keys, ...(ending === '' ? [] : [ending])].map((key) => {
    const isRoll = random.next() < ROLL.share;
    const rolledMs = ROLL.minMs + random.next() * (ROLL.maxMs - ROLL.minMs);
    const pauseMs = meanMs * Math.exp(scatter * normal(random) - (scatter * scatter) / 2);
    return { key, gapMs: Math.max(NEVER_BELOW_MS, isRoll ? rolledMs : pauseMs) };
  });
}

const normal = (random: Random): number =>
  Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());

/** With Caps Lock on, letters come the other way round. */
const invert = (key: string): string =>
  /^[a-z]$/i.test(key) ? (key === key.toLowerCase() ? key.toUpperCase() : key.toLowerCase()) : key;

const keyOf = ({ key }: Stroke, timeMs: number, isCapsLock: boolean): WedgeKey => ({
  code: /^\d$/.test(key) ? `Digit${key}` : key,
  key: isCapsLock ? invert(key) : key,
  timeMs,
  isTrusted: true,
  isRepeat: false,
  hasShift: false,
  hasCtrl: false,
  hasAlt: false,
  hasMeta: false,
  isCapsLock,
});

/** A page with one field. */
class Page {
  readonly events: ScanEvent[] = [];
  field = '';
  #marked = '';
  #nowMs = 0;
  readonly #detector: WedgeDetector = createWedgeDetector({
    ...{ identifiers: 'aim', ownPrefixes: ['603555'], walletPrefixes: ['TW1.'], prefix: null, layout: 'os' },
  });

  /** Plays the keys as they come, and then nothing for a while. */
  play(strokes: readonly Stroke[], isCapsLock = false): void {
    for (const stroke of strokes) {
      this.#nowMs += stroke.gapMs;
      const typed = stroke.key.length === 1 ? stroke.key : '';
      this.#apply(this.#detector.push(keyOf(stroke, this.#nowMs, isCapsLock)), typed);
    }
    this.#nowMs += 1000;
    this.#apply(this.#detector.expire(this.#nowMs), '');
  }

  #apply(decision: WedgeDecision, typed: string): void {
    if (decision === 'swallow') return;
    if (typeof decision === 'object' && 'event' in decision) {
      this.events.push(decision.event);
      this.field = this.#marked;
      return;
    }
    if (typeof decision === 'object') this.field += decision.replay.map(({ key }) => key).join('');
    if (decision === 'mark' || (typeof decision === 'object' && decision.isMark)) this.#marked = this.field;
    this.field += typed;
  }
}

/** What a keyboard scanner types between two people's keys: 5 to 30 ms apart, one key late. */
function scanStrokes(random: Random, text: string): Stroke[] {
  const keys = [...text, random.pick(['Enter', 'Tab'])];
  const lateAt = random.between(1, keys.length - 1);
  return keys.map((key, at) => {
    if (at === 0) return { key, gapMs: random.between(400, 3000) };
    return {
      key,
      gapMs: at === lateAt ? SCAN_GAP_MS.late : random.between(SCAN_GAP_MS.min, SCAN_GAP_MS.max),
    };
  });
}

/** A code that was not read before, of each kind that shops have, and the kind that it is. */
function newCode(random: Random, at: number): [text: string, kind: string] {
  const number = String(at).padStart(9, '0');
  const card = `603555${number}${luhnDigit(`603555${number}`)}`;
  const codes: [string, string][] = [
    [card, 'member-card'],
    [`]C0${card}`, 'member-card'],
    [`TW1.${number}.x`, 'wallet'],
    [`+6591${number.slice(-6)}`, 'phone'],
    [`K${number}`, 'unknown'],
  ];
  return random.pick(codes);
}

const ENTER: Stroke = { key: 'Enter', gapMs: 20 };

const textOf = (strokes: readonly Stroke[]): string =>
  strokes.flatMap(({ key }) => (key.length === 1 ? [key] : [])).join('');

test('10,000 people who type, up to 120 words per minute: none is taken for a scanner, each key lands', () => {
  const random = createRandom(SEED);
  const taken: string[] = [];
  const garbled: string[] = [];
  for (let person = 0; person < PEOPLE; person += 1) {
    const strokes = typing(random);
    const page = new Page();
    page.play(strokes);
    if (page.events.length > 0) taken.push(JSON.stringify(strokes));
    else if (page.field !== textOf(strokes)) garbled.push(`${page.field} instead of ${textOf(strokes)}`);
  }
  process.stdout.write(`typing: ${PEOPLE} people, ${taken.length} taken for scans\n`);
  expect([taken, garbled]).toEqual([[], []]);
});

test('10,000 scans of a keyboard scanner with a late key: each is one scan, and the field stays as it was', () => {
  const random = createRandom(SEED + 1);
  const page = new Page();
  const lost: string[] = [];
  for (let at = 0; at < SCANS; at += 1) {
    // Somebody was at a field before, and may come back to it.
    if (at % 10 === 0) page.play(typing(random).filter(({ key }) => key.length === 1));
    const [code, kind] = newCode(random, at);
    const before = page.field;
    page.play(scanStrokes(random, code), random.isHit(0.2));
    const event = page.events.pop();
    const isRead = event?.type === 'scan' && event.scan.kind === kind && code.endsWith(event.scan.text);
    const isRight = isRead && page.field === before;
    if (!isRight || page.events.length > 0) lost.push(`${code}: ${JSON.stringify(event)}, "${page.field}"`);
  }
  process.stdout.write(`wedge: ${SCANS} scans, ${lost.length} taken for typing\n`);
  expect(lost).toEqual([]);
});

test('of few pauses three quarters must be short, of many half', () => {
  const kindsOf = (gapsMs: readonly number[]): string[] => {
    const page = new Page();
    page.play([{ key: 'a', gapMs: 900 }, ...gapsMs.map((gapMs) => ({ key: 'b', gapMs })), ENTER]);
    return page.events.map(({ type }) => type);
  };
  const late = (count: number, of: number): number[] =>
    Array.from({ length: of }, (_, at) => (at < count ? 90 : 20));
  expect([kindsOf(late(2, 5)), kindsOf(late(1, 5)), kindsOf(late(7, 12)), kindsOf(late(6, 12))]).toEqual([
    [],
    ['scan'],
    [],
    ['scan'],
  ]);
});
