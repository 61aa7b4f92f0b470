/** True for a text of decimal digits only, at least one. */
export function isDigits(text: string): boolean {
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code < 48 || code > 57) return false;
  }
  return text.length > 0;
}

/**
 * Weights 3, 1, 3 … from the right; the last is the check digit. For GTIN-8, 12, 13, 14, SSCC and GSRN
 * (GS1 General Specifications, 7.9).
 *
 * @param digits Digits only; anything else answers false or a guess.
 * @param length How many of them count, from the first on.
 */
export function isGs1CheckValid(digits: string, length: number = digits.length): boolean {
  let sum = 0;
  let weight = 1;
  for (let at = length - 1; at >= 0; at -= 1) {
    sum += (digits.charCodeAt(at) - 48) * weight;
    weight = 4 - weight;
  }
  return length > 1 && sum % 10 === 0;
}

/**
 * The twelve digits of UPC-A behind a UPC-E of eight (number system 0 or 1, six digits, check digit); null for
 * anything else. The check digit is carried over, not checked.
 */
export function expandUpce(digits: string): string | null {
  if (!/^[01]\d{7}$/.test(digits)) return null;
  const system = digits.charAt(0);
  const body = digits.slice(1, 7);
  const last = body.charAt(5);
  const check = digits.charAt(7);
  const toBody = (): string => {
    if (last <= '2') return `${body.slice(0, 2)}${last}0000${body.slice(2, 5)}`;
    if (last === '3') return `${body.slice(0, 3)}00000${body.slice(3, 5)}`;
    if (last === '4') return `${body.slice(0, 4)}00000${body.charAt(4)}`;
    return `${body.slice(0, 5)}0000${last}`;
  };
  return `${system}${toBody()}${check}`;
}

export const toGtin14 = (digits: string): string => digits.padStart(14, '0');
