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
   * Read unshifted digit keys by position: for a scanner set to US keys on a layout (AZERTY) that has others
   * there.
   */
  readonly hasUsDigits: boolean;
}

/**
 * A key that stands for one character. Ctrl and Alt together are AltGr, which types; one of them alone
 * commands.
 */
export function isPrintable(key: WedgeKey): boolean {
  return [...key.key].length === 1 && !key.hasMeta && key.hasCtrl === key.hasAlt;
}

/**
 * The character that the scanner meant: digits by position if so set, and letters without what Caps Lock did
 * to them.
 */
export function toKeyText(key: WedgeKey, options: WedgeKeyOptions): string {
  const digit = /^(?:Digit|Numpad)([0-9])$/.exec(key.code)?.[1];
  if (options.hasUsDigits && digit !== undefined && !key.hasShift) return digit;
  if (!key.isCapsLock || !/^[A-Za-z]$/.test(key.key)) return key.key;
  const lower = key.key.toLowerCase();
  return key.key === lower ? key.key.toUpperCase() : lower;
}
