import type { TillView } from '../../electron/contract/till.ts';
import type { Balance } from '../../electron/contract/views.ts';

export type Language = TillView['preferences']['language'];
export type Money = Pick<NonNullable<TillView['chain']>, 'currency' | 'currencyDecimals' | 'country'>;

const DAY_MS = 86_400_000;
const VISIT_DAYS_RELATIVE_MAX = 30;
const LAST_SPAN = ['minute', 60_000] as const;
const SPANS = [['year', 365 * DAY_MS], ['day', DAY_MS], ['hour', 3_600_000], LAST_SPAN] as const;

export interface Formats {
  number(value: number): string;
  /** Integer minor units in the chain's currency and notation. */
  money(minor: number): string;
  /** The same where the figure itself is a rough one: two digits that count. */
  roughMoney(minor: number): string;
  /** A quantity in the unit of its card, without the unit's word. */
  units(value: number, unit: Balance['unit']): string;
  /** `today 14:02`, `yesterday 14:02`, `Tue 14:02` within a week, then the date. */
  when(atMs: number, nowMs: number): string;
  time(atMs: number): string;
  /** Up to when something is known: `14:02` of today, else `yesterday 14:02`, `Tue 14:02`, the date. */
  asOf(atMs: number, nowMs: number): string;
  /** For the last visit, where the distance is what matters: in days for a month, then the date. */
  ago(atMs: number, nowMs: number): string;
  /** A calendar day, `YYYY-MM-DD`. */
  day(day: string): string;
  year(atMs: number): string;
  /** The day of a moment by the till's own clock. */
  date(atMs: number): string;
  /** Date and time, for what is kept. */
  moment(atMs: number): string;
  /** Things side by side: `3 stamps and $12.40`. */
  list(texts: readonly string[]): string;
  /** A length of time in its largest unit: `3 days`, `5 hours`, `12 minutes`. */
  span(ms: number): string;
  /** How long to wait, never less than it is: `30 seconds`, from two minutes on `4 minutes`. */
  wait(seconds: number): string;
}

const WAIT_IN_SECONDS_MAX = 119;

const startOfDay = (atMs: number): number => new Date(atMs).setHours(0, 0, 0, 0);
/** Whole calendar days between; the rounding takes care of days of 23 or 25 hours. */
const daysBetween = (atMs: number, nowMs: number): number =>
  Math.round((startOfDay(nowMs) - startOfDay(atMs)) / DAY_MS);

/** Numbers and dates for people, by language and the chain's currency and country. Times are the till's local time. */
export function createFormats(language: Language, money: Money | null): Formats {
  const dateTag = language === 'zh' ? 'zh-CN' : 'en-GB';
  const numberTag = `${language}-${money?.country ?? (language === 'zh' ? 'CN' : 'GB')}`;
  const decimals = money?.currencyDecimals ?? 2;
  const inCurrency = {
    style: 'currency',
    // ISO 4217 for "no currency": a till that is not set up yet knows none.
    currency: money?.currency ?? 'XXX',
    currencyDisplay: 'narrowSymbol',
  } as const;
  const places = { minimumFractionDigits: decimals, maximumFractionDigits: decimals };
  const moneyFormat = new Intl.NumberFormat(numberTag, { ...inCurrency, ...places });
  const numberFormat = new Intl.NumberFormat(numberTag);
  const timeFormat = new Intl.DateTimeFormat(dateTag, {
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  const dateFormat = new Intl.DateTimeFormat(dateTag, { day: 'numeric', month: 'short', year: 'numeric' });
  const dayFormat = new Intl.DateTimeFormat(dateTag, {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    timeZone: 'UTC',
  });
  const weekdayFormat = new Intl.DateTimeFormat(dateTag, { weekday: 'short' });
  const relative = new Intl.RelativeTimeFormat(dateTag, { numeric: 'auto' });
  const formatMoney = (minor: number): string => moneyFormat.format(minor / 10 ** decimals);

  const inUnit = (value: number, unit: string): string =>
    new Intl.NumberFormat(dateTag, { style: 'unit', unit, unitDisplay: 'long' }).format(value);

  const when = (atMs: number, nowMs: number): string => {
    const days = daysBetween(atMs, nowMs);
    const time = timeFormat.format(atMs);
    if (days === 0 || days === 1) return `${relative.format(-days, 'day')} ${time}`;
    return days > 1 && days < 7 ? `${weekdayFormat.format(atMs)} ${time}` : dateFormat.format(atMs);
  };

  return {
    number: (value) => numberFormat.format(value),
    money: formatMoney,
    list: (texts) => new Intl.ListFormat(dateTag).format(texts),
    roughMoney: (minor) =>
      new Intl.NumberFormat(numberTag, { ...inCurrency, maximumSignificantDigits: 2 }).format(
        minor / 10 ** decimals,
      ),
    units: (value, unit) => (unit === 'minor' ? formatMoney(value) : numberFormat.format(value)),
    time: (atMs) => timeFormat.format(atMs),
    when,
    asOf: (atMs, nowMs) => (daysBetween(atMs, nowMs) === 0 ? timeFormat.format(atMs) : when(atMs, nowMs)),
    ago: (atMs, nowMs) => {
      const days = daysBetween(atMs, nowMs);
      return days >= 0 && days <= VISIT_DAYS_RELATIVE_MAX
        ? relative.format(-days, 'day')
        : dateFormat.format(atMs);
    },
    day: (day) => dayFormat.format(Date.parse(`${day}T00:00:00Z`)),
    date: (atMs) => dateFormat.format(atMs),
    moment: (atMs) => `${dateFormat.format(atMs)} ${timeFormat.format(atMs)}`,
    span: (ms) => {
      const [unit, length] = SPANS.find(([, each]) => ms >= 1.5 * each) ?? LAST_SPAN;
      return inUnit(Math.round(ms / length), unit);
    },
    wait: (seconds) =>
      seconds <= WAIT_IN_SECONDS_MAX
        ? inUnit(Math.ceil(seconds), 'second')
        : inUnit(Math.ceil(seconds / 60), 'minute'),
    year: (atMs) => String(new Date(atMs).getFullYear()),
  };
}
