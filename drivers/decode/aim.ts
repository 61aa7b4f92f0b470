interface AimText {
  /** Three characters such as `]C0`; null when the text does not start with an identifier. */
  readonly aim: string | null;
  readonly text: string;
}

/** Takes an AIM symbology identifier off: `]`, code character, modifier (ISO/IEC 15424). */
export function stripAim(text: string): AimText {
  const aim = /^\][A-Za-z][0-9A-Za-z]/.exec(text)?.[0];
  return aim === undefined ? { aim: null, text } : { aim, text: text.slice(aim.length) };
}

/** Symbols of the EAN and UPC family: products, never cards. */
export const isRetailAim = (aim: string | null): boolean => aim?.startsWith(']E') ?? false;

/** Symbols that hold a GS1 element string, in which sixteen digits are `01` and an article number. */
export const isGs1Aim = (aim: string | null): boolean =>
  aim !== null && [']C1', ']e0', ']d2', ']Q3'].includes(aim);
