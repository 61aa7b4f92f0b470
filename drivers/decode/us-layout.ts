/** Physical keys of the US layout, as `code` names them: plain and shifted. */
const SIGNS: Readonly<Record<string, string>> = {
  Digit1: '1!',
  Digit2: '2@',
  Digit3: '3#',
  Digit4: '4$',
  Digit5: '5%',
  Digit6: '6^',
  Digit7: '7&',
  Digit8: '8*',
  Digit9: '9(',
  Digit0: '0)',
  Minus: '-_',
  Equal: '=+',
  BracketLeft: '[{',
  BracketRight: ']}',
  Backslash: '\\|',
  Semicolon: ';:',
  Quote: '\'"',
  Backquote: '`~',
  Comma: ',<',
  Period: '.>',
  Slash: '/?',
  Space: '  ',
  NumpadAdd: '++',
  NumpadSubtract: '--',
  NumpadMultiply: '**',
  NumpadDivide: '//',
  NumpadDecimal: '..',
};

/**
 * What a scanner set to US keys means by a physical key, whatever the system's layout makes of it. Null for a
 * key that stands for no sign. Caps Lock does not matter: the scanner holds Shift for what it wants large.
 */
export function usSignOf(code: string, hasShift: boolean): string | null {
  const letter = /^Key([A-Z])$/.exec(code)?.[1];
  if (letter !== undefined) return hasShift ? letter : letter.toLowerCase();
  const digit = /^Numpad([0-9])$/.exec(code)?.[1];
  if (digit !== undefined) return digit;
  const signs = Object.hasOwn(SIGNS, code) ? SIGNS[code] : undefined;
  return signs?.charAt(hasShift ? 1 : 0) ?? null;
}
