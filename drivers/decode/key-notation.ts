import { usSignOf } from './us-layout.ts';
import type { WedgeKey } from './wedge-key.ts';

const GAP_MS = 5;
/** Time from one burst to the next. */
const PAUSE_MS = 1000;
/** What an AZERTY system makes of the digits' keys. */
const AZERTY = 'à&é"\'(-è_ç';

interface Stroke {
  readonly code: string;
  readonly key: string;
  readonly hasAlt?: boolean;
  readonly hasCtrl?: boolean;
}

const codeOf = (sign: string): string => {
  if (/^[0-9]$/.test(sign)) return `Digit${sign}`;
  return /^[A-Za-z]$/.test(sign) ? `Key${sign.toUpperCase()}` : sign;
};
const ofSign = (sign: string): Stroke =>
  sign === '\x1d' ? { code: 'BracketRight', key: ']', hasCtrl: true } : { code: codeOf(sign), key: sign };

const ofCode = (code: string, isAzerty: boolean): Stroke => {
  const digit = /^Digit([0-9])$/.exec(code)?.[1];
  const sign = usSignOf(code, false) ?? code;
  return { code, key: isAzerty && digit !== undefined ? AZERTY.charAt(Number(digit)) : sign };
};

const altStrokes = (codes: string): Stroke[] => [
  { code: 'AltLeft', key: 'Alt', hasAlt: true },
  ...codes
    .trim()
    .split(/\s+/)
    .map((code) => ({ code, key: code.slice(-1), hasAlt: true })),
];

const PATTERN = new RegExp(
  [
    /"([^"]*)"/,
    /codes((?:\s+(?:Digit|Key|Numpad|F)[0-9A-Z]+)+)/,
    /Alt down,\s*((?:Numpad\d\s*)+),\s*Alt up/,
    /\+?\s*\b(Enter|Tab|F\d{1,2})\b/,
  ]
    .map(({ source }) => source)
    .join('|'),
  'g',
);

/**
 * Reads keys as people write them down: `keys "400…" gap 45 ms + Enter`, `codes Digit4 Digit0`, and
 * `Alt down, Numpad0 Numpad2 Numpad9, Alt up` where it stands, or before the last text after `between`. What
 * ends with neither Enter nor Tab gets an Enter.
 *
 * @param startMs Time of the first key.
 * @returns Null for text without a key.
 */
export function parseKeys(notation: string, startMs: number): WedgeKey[] | null {
  const gapMs = Number(/gap\s+(\d{1,6})\s*ms/.exec(notation)?.[1] ?? GAP_MS);
  const strokes = toStrokes(notation);
  if (strokes.length === 0) return null;
  const last = strokes.at(-1)?.key;
  if (last !== 'Enter' && last !== 'Tab') strokes.push({ code: 'Enter', key: 'Enter' });
  return strokes.map(({ code, key, hasAlt = false, hasCtrl = false }, at) => ({
    code,
    key,
    timeMs: startMs + at * gapMs,
    isTrusted: true,
    isRepeat: false,
    hasShift: false,
    hasCtrl,
    hasAlt,
    hasMeta: false,
    isCapsLock: false,
  }));
}

function toStrokes(notation: string): Stroke[] {
  const isAzerty = /azerty/i.test(notation);
  // What is said about the keys in brackets is not typed.
  const spoken = notation.replace(/\(key values[^)]*\)/, ' ');
  const parts: Stroke[][] = [];
  let between: Stroke[] | null = null;
  for (const [, text, codes, alt, named] of spoken.matchAll(PATTERN)) {
    if (text !== undefined) parts.push([...text].map(ofSign));
    else if (codes !== undefined) {
      parts.push(
        codes
          .trim()
          .split(/\s+/)
          .map((code) => ofCode(code, isAzerty)),
      );
    } else if (alt !== undefined && /Alt up between/.test(spoken)) between = altStrokes(alt);
    else if (alt !== undefined) parts.push(altStrokes(alt));
    else if (named !== undefined) parts.push([{ code: named, key: named }]);
  }
  if (between !== null) parts.splice(Math.max(0, parts.length - 1), 0, between);
  return parts.flat();
}

/** When the burst behind one that ended at `lastMs` may begin. */
export const nextStartMs = (lastMs: number): number => lastMs + PAUSE_MS;
