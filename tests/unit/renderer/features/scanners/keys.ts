import type { WedgeKey } from '../../../../../drivers/decode/wedge-key.ts';

const PLAIN: WedgeKey = {
  code: '',
  key: '',
  timeMs: 0,
  isTrusted: true,
  isRepeat: false,
  hasShift: false,
  hasCtrl: false,
  hasAlt: false,
  hasMeta: false,
  isCapsLock: false,
};

const US_PLACES: Readonly<Record<string, string>> = {
  '-': 'Minus',
  '%': 'Shift+Digit5',
  '&': 'Shift+Digit7',
  ';': 'Semicolon',
  '=': 'Equal',
  '?': 'Shift+Slash',
  '@': 'Shift+Digit2',
  '"': 'Shift+Quote',
};
/** What an AZERTY keyboard makes of the same keys. */
const AZERTY: Readonly<Record<string, string>> = {
  a: 'q',
  A: 'Q',
  '1': '&',
  '-': ')',
  '%': '5',
  '&': '7',
  ';': 'm',
  '=': '=',
  '?': '§',
  '@': '2',
  '"': '%',
  z: 'w',
};

export interface TypedOptions {
  readonly gapMs?: number;
  readonly startMs?: number;
  readonly isAzerty?: boolean;
}

/** The keys of a scanner set to US, with the group sign as Ctrl and a bracket. */
export function typed(
  text: string,
  { gapMs = 8, startMs = 0, isAzerty = false }: TypedOptions = {},
): WedgeKey[] {
  return [...text].map((sign, at) => {
    const timeMs = startMs + at * gapMs;
    if (sign === '\x1d') return { ...PLAIN, code: 'BracketRight', key: ']', hasCtrl: true, timeMs };
    if (sign === '\r') return { ...PLAIN, code: 'Enter', key: 'Enter', timeMs };
    const place = US_PLACES[sign] ?? (/\d/.test(sign) ? `Digit${sign}` : `Key${sign.toUpperCase()}`);
    const hasShift = place.startsWith('Shift+') || /[A-Z]/.test(sign);
    const key = isAzerty ? (AZERTY[sign] ?? sign) : sign;
    return { ...PLAIN, code: place.replace('Shift+', ''), key, hasShift, timeMs };
  });
}

export const pressed = (change: Partial<WedgeKey>): WedgeKey => ({ ...PLAIN, ...change });
