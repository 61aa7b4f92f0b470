/** A store's calendar day, `YYYY-MM-DD`. */
export type Day = string;

const MINUTE_MS = 60_000;
/** No zone is further from London, with a cut-off as late as an hour can be. */
const REACH_MINUTES = 48 * 60;
const formats = new Map<string, Intl.DateTimeFormat>();
/**
 * The last answer for each zone and cut-off: a view asks several times for the day of now, and zones change on
 * whole minutes.
 */
const lastDays = new Map<string, { minute: number; day: Day }>();

function partsIn(timeZone: string): Intl.DateTimeFormat {
  let format = formats.get(timeZone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-CA', {
      timeZone,
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      hourCycle: 'h23',
    });
    formats.set(timeZone, format);
  }
  return format;
}

/** The day so many calendar days later; negative: earlier. */
export const addDays = (day: Day, days: number): Day =>
  new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);

/**
 * Day in the store's time zone; hours before `cutOffHour` still belong to the day before. By the hour that the
 * clock on the wall shows, so a night of 23 or 25 hours ends at the same hour as any other.
 */
export function dayAt(wallMs: number, timeZone: string, cutOffHour: number): Day {
  const minute = Math.floor(wallMs / MINUTE_MS);
  const key = `${timeZone} ${cutOffHour}`;
  const known = lastDays.get(key);
  if (known?.minute === minute) return known.day;
  // 2026-11-22, 14
  const text = partsIn(timeZone).format(wallMs);
  const date = text.slice(0, 10);
  const day = Number(text.slice(12)) < cutOffHour ? addDays(date, -1) : date;
  lastDays.set(key, { minute, day });
  return day;
}

/** The first moment of a day, and of the one after it, by the rule of `dayAt`; to the minute. */
export function daySpan(
  day: Day,
  { timeZone, cutOffHour }: Readonly<{ timeZone: string; cutOffHour: number }>,
): { fromMs: number; untilMs: number } {
  const startOf = (of: Day): number => {
    const aboutMinute = Date.parse(`${of}T00:00:00Z`) / MINUTE_MS;
    let [low, high] = [aboutMinute - REACH_MINUTES, aboutMinute + REACH_MINUTES];
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      if (dayAt(middle * MINUTE_MS, timeZone, cutOffHour) >= of) high = middle;
      else low = middle + 1;
    }
    return low * MINUTE_MS;
  };
  return { fromMs: startOf(day), untilMs: startOf(addDays(day, 1)) };
}

/** Business day of the next op: the store's day, but never before the till's last one. */
export function nextBusinessDay(
  last: Day | null,
  wallMs: number,
  store: Readonly<{ timeZone: string; cutOffHour: number }>,
): Day {
  const day = dayAt(wallMs, store.timeZone, store.cutOffHour);
  return last !== null && last > day ? last : day;
}

/** Adds calendar months to a day, keeping within the month (31 January + 1 = 28 or 29 February). */
export function addMonths(day: Day, months: number): Day {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
  const first = new Date(Date.UTC(year, month - 1 + months, 1));
  const lastDate = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 0)).getUTCDate();
  first.setUTCDate(Math.min(date, lastDate));
  return first.toISOString().slice(0, 10);
}

/** Ops come by the thousand, and nearly all are of one day. */
let lastRealDay = '';

const MONTH_DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const isLeap = (year: number): boolean => year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);

/** True for a `YYYY-MM-DD` that is a real calendar day: 2025-02-30 is not. */
export function isRealDay(text: string): boolean {
  if (text === lastRealDay) return true;
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const [year, month, day] = [Number(text.slice(0, 4)), Number(text.slice(5, 7)), Number(text.slice(8))];
  const last = month === 2 && isLeap(year) ? 29 : (MONTH_DAYS[month - 1] ?? 0);
  const isReal = day >= 1 && day <= last;
  if (isReal) lastRealDay = text;
  return isReal;
}

/** True for a zone that this platform knows, as in `Asia/Singapore`. */
export function isTimeZone(text: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: text }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
