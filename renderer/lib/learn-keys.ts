import type { ScanRules } from '../../electron/contract/devices.ts';
import { WEDGE_GAP_MEDIAN_MS } from '../../drivers/decode/wedge.ts';
import {
  isAltDigit,
  isControl,
  toAltSign,
  toKeyText,
  type WedgeKey,
  type WedgeKeyOptions,
} from '../../drivers/decode/wedge-key.ts';
import { KNOWN_KEYS, KNOWN_KEYS_WITHOUT_GS } from './known-code.ts';

/** A key down, as a tap of the page hears it. */
export type TypedKey = WedgeKey;
type WedgeSetting = ScanRules['wedge'];
type Layout = WedgeKeyOptions['layout'];

/** What one scan of the known code has shown of a scanner that types. */
export interface KeySample {
  readonly prefix: WedgeSetting['prefix'];
  /** It begins with one of the till's own keys, F1 to F12. */
  readonly hasTillKey: boolean;
  /** Signs in front of the text, an AIM identifier among them. */
  readonly before: string;
  readonly layout: Layout;
  readonly end: 'Enter' | 'Tab' | 'none';
  readonly keepsGroupSign: boolean;
  readonly medianGapMs: number;
}

/** What stands between this scanner and a till that tells it from a person. */
export type KeyWarning = 'no-end' | 'too-slow' | 'lost-group-sign' | 'text-in-front' | 'till-key';

export interface LearnedKeys {
  readonly setting: WedgeSetting;
  readonly sample: KeySample;
  readonly warnings: readonly KeyWarning[];
}

const MODIFIERS: ReadonlySet<string> = new Set([
  'Shift',
  'CapsLock',
  'Control',
  'Alt',
  'AltGraph',
  'NumLock',
]);
/** F1 to F12 are the cashier's own: as a start key each would be dead at this till. */
const isStart = ({ code, hasCtrl }: WedgeKey): boolean =>
  /^F(?:1[3-9]|2[0-4])$/.test(code) || (hasCtrl && code === 'KeyB');
/** A start key that the till takes for a press of its own: with each scan it would do what that key does. */
const isTillKey = ({ code, hasCtrl, hasAlt }: WedgeKey): boolean =>
  /^F(?:[1-9]|1[0-2])$/.test(code) && !hasCtrl && !hasAlt;
const isEnd = ({ key }: WedgeKey): boolean => key === 'Enter' || key === 'Tab';

/** Alt codes come as digits on the number pad; one ends where another key, or Alt anew, begins. */
function toText(keys: readonly WedgeKey[], layout: Layout): string {
  let text = '';
  let alt = '';
  const closeAlt = (): void => {
    if (alt !== '') text += toAltSign(alt);
    alt = '';
  };
  for (const key of keys) {
    if (isAltDigit(key)) {
      alt += key.code.slice('Numpad'.length);
      continue;
    }
    closeAlt();
    if (isControl(key) || [...key.key].length === 1) text += toKeyText(key, { layout });
  }
  closeAlt();
  return text;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((left, right) => left - right);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

const gapsOf = (keys: readonly WedgeKey[]): number[] =>
  keys.slice(1).map((key, at) => key.timeMs - (keys[at]?.timeMs ?? key.timeMs));

/** Reads the known code out of the keys of one scan; null when it is not in them. Keeps nothing of any other text. */
export function readSample(heard: readonly WedgeKey[]): KeySample | null {
  const keys = heard.filter(({ key, isRepeat }) => key === 'Alt' || (!isRepeat && !MODIFIERS.has(key)));
  const signs = keys.filter(({ key }) => key !== 'Alt');
  const [first] = signs;
  if (first === undefined) return null;
  const prefix = isStart(first) ? { code: first.code, hasCtrl: first.hasCtrl } : null;
  const end = signs.find(isEnd)?.key;
  const body = keys.filter((key) => !isEnd(key) && !(prefix !== null && key === first));
  for (const layout of ['os', 'us'] as const) {
    const text = toText(body, layout);
    const whole = [KNOWN_KEYS, KNOWN_KEYS_WITHOUT_GS].find((known) => text.includes(known));
    if (whole === undefined) continue;
    return {
      prefix,
      hasTillKey: signs.some(isTillKey),
      before: text.slice(0, text.indexOf(whole)),
      layout,
      end: end === 'Enter' || end === 'Tab' ? end : 'none',
      keepsGroupSign: whole === KNOWN_KEYS,
      medianGapMs: Math.round(median(gapsOf(signs))),
    };
  }
  return null;
}

const isAim = (text: string): boolean => /^\][A-Za-z][0-9A-Za-z]$/.test(text);
/** How the scanner is set; its speed differs from scan to scan. */
const settingOf = ({ medianGapMs: _speed, ...setting }: KeySample): string => JSON.stringify(setting);

/** What several scans have in common; null when they differ, or there are none. */
export function learnKeys(samples: readonly KeySample[]): LearnedKeys | null {
  const [sample] = samples;
  if (sample === undefined || samples.some((each) => settingOf(each) !== settingOf(sample))) return null;
  const medianGapMs = Math.max(...samples.map((each) => each.medianGapMs));
  const { prefix, before, layout, end, keepsGroupSign } = sample;
  const warnings: KeyWarning[] = [];
  if (sample.hasTillKey) warnings.push('till-key');
  if (end === 'none') warnings.push('no-end');
  if (prefix === null && medianGapMs > WEDGE_GAP_MEDIAN_MS) warnings.push('too-slow');
  if (before !== '' && !isAim(before)) warnings.push('text-in-front');
  if (!keepsGroupSign) warnings.push('lost-group-sign');
  const setting = { prefix, layout, identifiers: isAim(before) ? 'aim' : 'none' } as const;
  return { setting, sample: { ...sample, medianGapMs }, warnings };
}
