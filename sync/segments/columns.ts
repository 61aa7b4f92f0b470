/** No value, in a column of numbers. */
export const NONE = -2_147_483_648;

/** Words of each member, none or more: `sets[codes[row]]`, each combination that occurs stored once. */
export interface SetColumn {
  type: 'set';
  codes: ArrayLike<number>;
  sets: readonly (readonly string[])[];
}

/** Integers; `NONE` for no value. */
export interface NumberColumn {
  type: 'number';
  values: ArrayLike<number>;
}

export type Column = SetColumn | NumberColumn;

/**
 * Members as columns, a row for each. Undefined: nobody has such a value (a custom attribute that nobody filled in).
 */
export type ColumnSource = (field: string) => Column | undefined;

export const DAY_MS = 86_400_000;
/** Days since 1970, by the clock of UTC: the same on every node of a chain. */
export const dayNumber = (atMs: number): number => Math.floor(atMs / DAY_MS);
/** `YYYY-MM-DD` as days since 1970. */
export const dayTextNumber = (day: string): number => dayNumber(Date.parse(`${day}T00:00:00Z`));
/** `YYYY-MM-DD` as a number like 19870131; `NONE` for null. */
export const bornNumber = (day: string | null): number =>
  day === null
    ? NONE
    : Number(day.slice(0, 4)) * 10_000 + Number(day.slice(5, 7)) * 100 + Number(day.slice(8));

const SHARES = 100;
/** 0 to 99 by the id's last digits, which are random: who is in which part of a trial, on every node alike. */
export const shareOf = (memberId: string): number =>
  Math.floor((Number.parseInt(memberId.slice(-6, -2), 16) * SHARES) / 0x1_00_00);
