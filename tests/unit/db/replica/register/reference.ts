import { readExtras } from '../../../../../sync/model/extras.ts';
import type { MemberRow } from '../../../../../sync/model/member.ts';
import type { ColumnKinds, RegisterCondition, RegisterFilter } from '../../../../../sync/model/register.ts';

/** The list of members as somebody with paper would keep it: what the quick one is compared with. */

export const NOW_MS = 1_795_000_000_000;
export const DAY_MS = 86_400_000;
export const KINDS: ColumnKinds = { 'custom:score': 'number', 'custom:born': 'day' };

/** Someone as the reference knows her: her rows, and what this till did on top. */
export interface Known {
  row: MemberRow;
  own: MemberRow | null;
  lastEntryAtMs: number;
  entryCount: number;
}

const shownRow = ({ row, own }: Known): MemberRow => own ?? row;
export const isListed = (known: Known): boolean => {
  const { state, mergedIntoId, extras } = shownRow(known);
  return state !== 'anonymised' && mergedIntoId === null && !readExtras(extras).isRemoved;
};
const nameOf = (row: MemberRow): string => `${row.lastName} ${row.firstName}`.trim().toLowerCase();

/** The value that a column sorts by: a text or a number; null for none. */
export function valueOf(known: Known, column: string): string | number | null {
  const row = shownRow(known);
  switch (column) {
    case 'name':
      return nameOf(row) || null;
    case 'mobile':
      return row.mobile;
    case 'createdAt':
      return row.createdAtMs;
    case 'lastActivity':
      return known.lastEntryAtMs === 0 ? null : known.lastEntryAtMs;
    case 'state':
      return ['active', 'locked', 'blocked'].indexOf(row.state);
    case 'tier':
      return row.tier.toLowerCase() || null;
    case 'email':
      return row.email;
    default:
      return customOf(row, column);
  }
}

/** As its kind has it: a number as one, a day as its eight digits. */
function customOf({ extras }: MemberRow, column: string): string | number | null {
  const value = readExtras(extras).custom[column.slice('custom:'.length)];
  if (value === undefined) return null;
  const kind = KINDS[column];
  return kind === undefined ? value : Number(kind === 'day' ? value.replaceAll('-', '') : value);
}

export function compare(
  left: string | number | null,
  right: string | number | null,
  isDown: boolean,
): number {
  if (left === null || right === null) return left === right ? 0 : left === null ? 1 : -1;
  const order = left < right ? -1 : left > right ? 1 : 0;
  return isDown ? -order : order;
}

function holds(known: Known, rule: RegisterCondition): boolean {
  const value = valueOf(known, rule.column);
  switch (rule.op) {
    case 'contains':
      return value !== null && String(value).includes(rule.text);
    case 'starts':
      return value !== null && String(value).replace('+', '').startsWith(rule.text);
    case 'empty':
      return value === null;
    case 'anyOf':
      return rule.values.includes(rule.column === 'tier' ? shownRow(known).tier : shownRow(known).state);
    case 'noneOf':
      return !rule.values.includes(rule.column === 'tier' ? shownRow(known).tier : shownRow(known).state);
    case 'within':
      return typeof value === 'number' && value >= NOW_MS - rule.days * DAY_MS;
    case 'filled':
      return value !== null;
    case 'between':
      return typeof value === 'number' && value >= (rule.from ?? value) && value <= (rule.to ?? value);
    case 'inMonth':
      return typeof value === 'number' && Math.floor(value / 100) % 100 === rule.month;
    case 'ends':
    case 'is':
    case 'notWithin':
      throw new Error('the reference does not know it');
  }
}

export function meets(known: Known, { match, rules }: RegisterFilter): boolean {
  const met = rules.map((rule) => ('rules' in rule ? meets(known, rule) : holds(known, rule)));
  return match === 'all' ? met.every(Boolean) : rules.length === 0 || met.some(Boolean);
}
