const AMOUNT_DIGITS_MAX = 9;

/**
 * What a cashier typed as an amount, in minor units; null when it is none. Point or comma both mark decimals; a comma
 * or a blank before three digits groups. No floating point: digits are joined.
 */
export function parseMoney(text: string, decimals: number): number | null {
  const plain = text.trim().replace(/[\s'](?=\d{3}(?:\D|$))/g, '');
  const match = /^(\d{1,3}(?:,\d{3})+|\d+)?(?:[.,](\d+))?$/.exec(plain);
  if (!match || (match[1] === undefined && match[2] === undefined)) return null;
  const whole = (match[1] ?? '0').replace(/,/g, '');
  const fraction = match[2] ?? '';
  if (fraction.length > decimals || whole.length > AMOUNT_DIGITS_MAX) return null;
  return Number(whole + fraction.padEnd(decimals, '0'));
}

/** Minor units as somebody would type them. */
export function moneyText(minor: number, decimals: number): string {
  if (decimals === 0) return String(minor);
  const digits = String(minor).padStart(decimals + 1, '0');
  return `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
}

/** A whole number from 1 to `max`; null when the text is none. */
export function parseCount(text: string, max: number): number | null {
  const plain = text.trim();
  if (!/^\d{1,10}$/.test(plain)) return null;
  const count = Number(plain);
  return count >= 1 && count <= max ? count : null;
}

/**
 * A birthday as people write it, day first: `2/11/1990`, `2.11.90`, `1990-11-02`, as `YYYY-MM-DD`. Two-digit years
 * turn so that nobody is born in the future. Null for what is no day of the calendar or lies after `today`.
 */
export function parseBirthday(text: string, today: string): string | null {
  const plain = text.trim();
  const iso = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(plain);
  const dayFirst =
    /^(\d{1,2})[/.\- ](\d{1,2})[/.\- ](\d{2}|\d{4})$/.exec(plain) ?? /^(\d{2})(\d{2})(\d{4})$/.exec(plain);
  const [year, month, date] = iso ? iso.slice(1) : dayFirst ? dayFirst.slice(1).reverse() : [];
  if (year === undefined || month === undefined || date === undefined) return null;
  const write = (century: string): string =>
    `${century}${year}-${month.padStart(2, '0')}-${date.padStart(2, '0')}`;
  const day = year.length === 4 ? write('') : write('20') > today ? write('19') : write('20');
  return isCalendarDay(day) && day <= today ? day : null;
}

function isCalendarDay(day: string): boolean {
  const time = Date.parse(`${day}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(day);
}
