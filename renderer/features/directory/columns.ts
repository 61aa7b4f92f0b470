import {
  type ColumnKind,
  type ColumnKinds,
  CUSTOM_PREFIX,
  isBuiltIn,
  kindOfColumn,
  kindsOf,
  REGISTER_COLUMNS,
  type RegisterCondition,
} from '../../../sync/model/register.ts';
import type { DirectoryCell, DirectorySetup, DirectoryValue } from '../../../electron/contract/directory.ts';
import type { Words } from '../../lib/words.ts';

/** In pixels, so that a head and its cells stand in one line. */
const WIDTHS: Partial<Record<string, number>> = {
  name: 220,
  mobile: 168,
  phone: 168,
  state: 112,
  tier: 120,
  gender: 96,
  transactions: 128,
  email: 232,
  notes: 260,
  cards: 200,
  createdAt: 136,
  lastActivity: 136,
  dateOfBirth: 136,
};
const WIDTH = 148;
export const widthOf = (column: string): number => WIDTHS[column] ?? WIDTH;

/** Every column that there is: the built-in ones, then the chain's own. */
export const allColumns = (setup: DirectorySetup): string[] => [
  ...Object.keys(REGISTER_COLUMNS),
  ...setup.attributes.map(({ attributeId }) => `${CUSTOM_PREFIX}${attributeId}`),
];

/** What each of the chain's own columns is; a saved filter may ask for one that was retired. */
export const kindsIn = ({
  attributes,
  retired,
}: Pick<DirectorySetup, 'attributes' | 'retired'>): ColumnKinds => kindsOf([...attributes, ...retired]);

export function columnName(words: Words, setup: DirectorySetup, column: string): string {
  if (isBuiltIn(column)) return words.t(`directory.column.${column}`);
  const id = column.slice(CUSTOM_PREFIX.length);
  const attribute = [...setup.attributes, ...setup.retired].find(({ attributeId }) => attributeId === id);
  return attribute === undefined ? id : words.named(attribute.name, attribute.nameZh);
}

/** A value of a column of choices in words. */
export function valueName(
  words: Words,
  { value, name, nameZh }: Omit<DirectoryValue, 'count'>,
  column: string,
): string {
  if (name !== '') return words.named(name, nameZh);
  switch (column) {
    case 'state':
      return words.t(`directory.value.state.${value as 'active'}`);
    case 'gender':
      return words.t(`directory.value.gender.${value as 'female'}`);
    case 'customerType':
      return words.t(`directory.value.customerType.${value as 'member'}`);
    case 'consent':
      return words.t(`directory.value.consent.${value as 'yes'}`);
    case 'verified':
      return words.t(`directory.value.verified.${value as 'email'}`);
    default:
      return column.startsWith(CUSTOM_PREFIX) && (value === 'yes' || value === 'no')
        ? words.t(`directory.value.${value}`)
        : value;
  }
}

const DAY = /^\d{4}-\d\d-\d\d$/;
/** A number of the chain's own may be masked, or from before it was one. */
function numberText({ formats }: Words, cell: string | number): string {
  const number = Number(cell);
  return Number.isNaN(number) ? String(cell) : formats.number(number);
}

export interface CellScene {
  words: Words;
  setup: DirectorySetup;
  kinds: ColumnKinds;
  nowMs: number;
}

export function cellText(
  { words, setup, kinds, nowMs }: CellScene,
  column: string,
  cell: DirectoryCell | undefined,
): string {
  if (cell === null || cell === undefined) return '';
  const nameOf = (value: string): string => {
    const known = setup.values[column]?.find((each) => each.value === value);
    return valueName(words, known ?? { value, name: '', nameZh: '' }, column);
  };
  if (Array.isArray(cell)) return cell.map(nameOf).join(', ');
  const { formats } = words;
  switch (kindOfColumn(column, kinds)) {
    case 'time':
      return typeof cell === 'number' ? formats.ago(cell, nowMs) : '';
    case 'day':
      return DAY.test(String(cell)) ? formats.day(String(cell)) : String(cell);
    case 'number':
      return numberText(words, cell);
    case 'choice':
      return nameOf(String(cell));
    case 'choices':
    case 'phone':
    case 'text':
      return String(cell);
  }
}

export type Op = RegisterCondition['op'];
const TEXT_OPS = ['contains', 'starts', 'is', 'empty', 'filled'] as const;
const OPS: Record<ColumnKind, readonly Op[]> = {
  text: TEXT_OPS,
  phone: ['contains', 'starts', 'ends', 'is', 'empty', 'filled'],
  choice: ['anyOf', 'noneOf', 'empty', 'filled'],
  choices: ['anyOf', 'noneOf', 'empty', 'filled'],
  time: ['within', 'notWithin', 'between', 'empty', 'filled'],
  day: ['inMonth', 'between', 'empty', 'filled'],
  number: ['between', 'empty', 'filled'],
};
/** What can be asked of a column. */
export function opsOf(column: string, kinds: ColumnKinds): readonly Op[] {
  const kind = kindOfColumn(column, kinds);
  // Everybody has a number of transactions.
  return kind === 'number' && isBuiltIn(column) ? ['between'] : OPS[kind];
}
