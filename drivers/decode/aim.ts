interface AimText {
  /** Three characters such as `]C0`; null when the text does not start with an identifier. */
  readonly aim: string | null;
  readonly text: string;
}

const isLetter = (code: number): boolean => (code >= 65 && code <= 90) || (code >= 97 && code <= 122);
const isDigit = (code: number): boolean => code >= 48 && code <= 57;

/** Takes an AIM symbology identifier off: `]`, code character, modifier (ISO/IEC 15424). */
export function stripAim(text: string): AimText {
  if (!isAim(text)) return { aim: null, text };
  return { aim: text.slice(0, 3), text: text.slice(3) };
}

/** True for a text that starts with an AIM identifier. */
export function isAim(text: string): boolean {
  if (text.charCodeAt(0) !== 0x5d || !isLetter(text.charCodeAt(1))) return false;
  const modifier = text.charCodeAt(2);
  return isDigit(modifier) || isLetter(modifier);
}
