import { decodeCharset } from './eci.ts';
import { usSignOf } from './us-layout.ts';

/** A key down, as the page saw it. `timeMs`: the event's own time stamp, not the time of its handling. */
export interface WedgeKey {
  /** Physical key, `Digit4`, independent of the layout. */
  readonly code: string;
  /** What the layout makes of it, `4` or `'`. */
  readonly key: string;
  readonly timeMs: number;
  /** False for keys that a program made, our own replays among them. */
  readonly isTrusted: boolean;
  readonly isRepeat: boolean;
  readonly hasShift: boolean;
  readonly hasCtrl: boolean;
  readonly hasAlt: boolean;
  readonly hasMeta: boolean;
  readonly isCapsLock: boolean;
}

export interface WedgeKeyOptions {
  /**
   * `os`: what the system's layout makes of a key. `us`: the sign at that place on a US keyboard, for a scanner
   * set to US keys on a system that has others there, as AZERTY.
   */
  readonly layout: 'os' | 'us';
}

/** Signs that scanners send as Ctrl and a key, by where that key is on a US keyboard. */
const CONTROLS: Readonly<Record<string, string>> = {
  BracketRight: '\x1d',
  Backslash: '\x1c',
  Digit6: '\x1e',
  KeyD: '\x04',
};

/** A digit of an Alt code: a sign typed by its number, Alt held. */
export const isAltDigit = (key: WedgeKey): boolean =>
  key.hasAlt && !key.hasCtrl && !key.hasMeta && /^Numpad[0-9]$/.test(key.code);

/** Ctrl and a key that stand for a control sign inside a code. */
export const isControl = (key: WedgeKey): boolean =>
  key.hasCtrl && !key.hasAlt && !key.hasMeta && Object.hasOwn(CONTROLS, key.code);

/**
 * A key that stands for one character. Ctrl and Alt together are AltGr, which types; one of them alone
 * commands.
 */
export function isPrintable(key: WedgeKey, { layout }: WedgeKeyOptions): boolean {
  if (key.hasMeta || key.hasCtrl !== key.hasAlt) return false;
  return [...key.key].length === 1 || (layout === 'us' && usSignOf(key.code, key.hasShift) !== null);
}

/**
 * The character that the scanner meant: by position if so set, and letters without what Caps Lock did to them.
 */
export function toKeyText(key: WedgeKey, { layout }: WedgeKeyOptions): string {
  if (isControl(key)) return CONTROLS[key.code] ?? '';
  const sign = layout === 'us' ? usSignOf(key.code, key.hasShift) : null;
  if (sign !== null) return sign;
  if (!key.isCapsLock || !/^[A-Za-z]$/.test(key.key)) return key.key;
  const lower = key.key.toLowerCase();
  return key.key === lower ? key.key.toUpperCase() : lower;
}

/** The sign of an Alt code (CP-1252, which has the control signs below 32 too); nothing for a number beyond. */
export function toAltSign(digits: string): string {
  const number = Number.parseInt(digits, 10);
  if (!(number >= 0 && number <= 255)) return '';
  return number < 0x80
    ? String.fromCharCode(number)
    : (decodeCharset(Uint8Array.of(number), 'windows-1252') ?? '');
}

/**
 * What a held key is when it was typing after all: its sign. A command is not done late, and of a dead key the sign
 * that it made of the next one is all there is.
 */
export const toReplayText = (key: WedgeKey): string =>
  [...key.key].length === 1 && !key.hasMeta && key.hasCtrl === key.hasAlt ? key.key : '';
