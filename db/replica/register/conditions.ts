import {
  type ColumnKind,
  kindOfColumn,
  type RegisterCondition,
  type RegisterFilter,
} from '../../../sync/model/register.ts';
import type { ByteTexts } from './byte-texts.ts';
import type { CodeColumnId, NumberColumnId, RegisterTable } from './register-table.ts';
import { foldName, foldText, unpackPhone } from './texts.ts';

/** For each slot, 1 where the row is meant. */
export type Mask = Uint8Array<ArrayBuffer>;

export interface ConditionScene {
  table: RegisterTable;
  /** Columns that are read from the file when they are asked for. */
  textsOf(column: string): ByteTexts;
  nowMs: number;
}

const DAY_MS = 86_400_000;

/** Whom the conditions mean. */
export function maskOf(scene: ConditionScene, { match, rules }: RegisterFilter): Mask {
  const { count } = scene.table;
  if (rules.length === 0) return new Uint8Array(count).fill(1);
  const masks = rules.map((rule) => ('rules' in rule ? maskOf(scene, rule) : conditionMask(scene, rule)));
  return masks.reduce((left, right) => joinMasks(left, right, match));
}

/** Into `left`. */
export function joinMasks(left: Mask, right: Mask, match: 'all' | 'any'): Mask {
  if (match === 'all')
    for (let slot = 0; slot < left.length; slot += 1) left[slot] = (left[slot] ?? 0) & (right[slot] ?? 0);
  else for (let slot = 0; slot < left.length; slot += 1) left[slot] = (left[slot] ?? 0) | (right[slot] ?? 0);
  return left;
}

const MASKS: Record<ColumnKind, (scene: ConditionScene, condition: RegisterCondition) => Mask> = {
  text: textMask,
  phone: phoneMask,
  choice: choiceMask,
  choices: choiceMask,
  time: numberMask,
  day: numberMask,
  number: numberMask,
};

function conditionMask(scene: ConditionScene, condition: RegisterCondition): Mask {
  return MASKS[kindOfColumn(condition.column)](scene, condition);
}

/** What can not be asked of a column of this kind means nobody. */
const nobody = ({ table }: ConditionScene): Mask => new Uint8Array(table.count);

function choiceMask(scene: ConditionScene, condition: RegisterCondition): Mask {
  // Cast: the kind says so.
  const column = scene.table.codes[condition.column as CodeColumnId];
  const isWanted = wantedSet(condition);
  if (isWanted === null) return nobody(scene);
  const wanted = column.test(isWanted);
  const { codes } = column;
  const mask = nobody(scene);
  for (let slot = 0; slot < mask.length; slot += 1) mask[slot] = wanted[codes[slot] ?? 0] ?? 0;
  return mask;
}

function wantedSet(condition: RegisterCondition): ((values: readonly string[]) => boolean) | null {
  switch (condition.op) {
    case 'anyOf':
      return (values) => condition.values.some((value) => values.includes(value));
    case 'noneOf':
      return (values) => !condition.values.some((value) => values.includes(value));
    case 'empty':
      return (values) => values.length === 0;
    case 'filled':
      return (values) => values.length > 0;
    case 'contains':
    case 'starts':
    case 'ends':
    case 'is':
    case 'between':
    case 'within':
    case 'notWithin':
    case 'inMonth':
      return null;
  }
}

function numberMask(scene: ConditionScene, condition: RegisterCondition): Mask {
  const values = scene.table.numbers[condition.column as NumberColumnId];
  const isWanted = wantedNumber(scene, condition);
  const mask = nobody(scene);
  if (isWanted === null) return mask;
  for (let slot = 0; slot < mask.length; slot += 1) mask[slot] = isWanted(values[slot] ?? -1) ? 1 : 0;
  return mask;
}

/** Numbers below zero stand for none. */
function wantedNumber(
  { nowMs }: ConditionScene,
  condition: RegisterCondition,
): ((value: number) => boolean) | null {
  switch (condition.op) {
    case 'empty':
      return (value) => value < 0;
    case 'filled':
      return (value) => value >= 0;
    case 'between': {
      const from = Math.max(0, condition.from ?? 0);
      const to = condition.to ?? Infinity;
      return (value) => value >= from && value <= to;
    }
    case 'within':
    case 'notWithin': {
      const since = nowMs - condition.days * DAY_MS;
      const isWithin = condition.op === 'within';
      // Who was never here was not here lately.
      return (value) => value >= since === isWithin;
    }
    case 'inMonth':
      return (value) => value >= 0 && Math.floor(value / 100) % 100 === condition.month;
    case 'contains':
    case 'starts':
    case 'ends':
    case 'is':
    case 'anyOf':
    case 'noneOf':
      return null;
  }
}

function textMask(scene: ConditionScene, condition: RegisterCondition): Mask {
  const { column } = condition;
  const texts = column === 'name' ? scene.table.names : scene.textsOf(column);
  const mask = nobody(scene);
  if (condition.op === 'empty' || condition.op === 'filled') {
    const isWanted = condition.op === 'empty';
    for (let slot = 0; slot < mask.length; slot += 1) mask[slot] = texts.isEmpty(slot) === isWanted ? 1 : 0;
    return mask;
  }
  if (!('text' in condition)) return mask;
  const wanted = column === 'name' ? foldName(condition.text) : foldText(condition.text);
  if (wanted === '') return mask;
  texts.find(wanted, condition.op, (slot) => (mask[slot] = 1));
  return mask;
}

const NUMBER_SIGNS = 16;

function phoneMask(scene: ConditionScene, condition: RegisterCondition): Mask {
  if (!('text' in condition)) return numberMask(scene, condition);
  const mask = nobody(scene);
  const wanted = Uint8Array.from(condition.text.replace(/\D/g, ''), Number);
  if (wanted.length === 0) return mask;
  const packed = scene.table.numbers[condition.column as 'mobile' | 'phone'];
  const digits = new Uint8Array(NUMBER_SIGNS);
  for (let slot = 0; slot < mask.length; slot += 1) {
    const number = packed[slot] ?? -1;
    if (number < 0) continue;
    const length = unpackPhone(number, digits);
    if (isDigitsIn(digits, length, { wanted, how: condition.op })) mask[slot] = 1;
  }
  return mask;
}

interface WantedDigits {
  wanted: Uint8Array;
  how: 'contains' | 'starts' | 'ends' | 'is';
}

function isDigitsIn(digits: Uint8Array, length: number, { wanted, how }: WantedDigits): boolean {
  const last = length - wanted.length;
  if (last < 0 || (how === 'is' && last !== 0)) return false;
  const first = how === 'ends' ? last : 0;
  const end = how === 'starts' || how === 'is' ? 0 : last;
  for (let start = first; start <= end; start += 1) {
    let same = 0;
    while (same < wanted.length && digits[start + same] === wanted[same]) same += 1;
    if (same === wanted.length) return true;
  }
  return false;
}
