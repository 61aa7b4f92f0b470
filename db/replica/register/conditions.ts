import { foldName, foldText, wantedNumber, wantedSet, wantedValue } from '../../../sync/model/list-tests.ts';
import type { RegisterCondition, RegisterFilter } from '../../../sync/model/register.ts';
import type { ByteTexts } from './byte-texts.ts';
import type { ColumnView } from './register-columns.ts';
import type { RegisterTable } from './register-table.ts';
import { DIGITS_MAX } from './texts.ts';

/** For each slot, 1 where the row is meant. */
export type Mask = Uint8Array<ArrayBuffer>;

export interface ConditionScene {
  table: Pick<RegisterTable, 'count'> & Partial<Pick<RegisterTable, 'digitsOf'>>;
  viewOf(column: string): ColumnView;
  nowMs: number;
}

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

function conditionMask(scene: ConditionScene, condition: RegisterCondition): Mask {
  const view = scene.viewOf(condition.column);
  switch (view.is) {
    case 'texts':
      return textMask(scene, condition, view.texts);
    case 'codes':
      return choiceMask(scene, condition, view);
    case 'numbers':
      return view.kind === 'phone' ? phoneMask(scene, condition, view) : numberMask(scene, condition, view);
  }
}

/** What can not be asked of a column of this kind means nobody. */
const nobody = ({ table }: ConditionScene): Mask => new Uint8Array(table.count);

type View<Is extends ColumnView['is']> = Extract<ColumnView, { is: Is }>;

function choiceMask(
  scene: ConditionScene,
  condition: RegisterCondition,
  { column, kind, isCustom }: View<'codes'>,
): Mask {
  const isWanted = isCustom ? wantedValue(kind, condition) : wantedSet(condition);
  if (isWanted === null) return nobody(scene);
  const wanted = column.test(isWanted);
  const { codes } = column;
  const mask = nobody(scene);
  for (let slot = 0; slot < mask.length; slot += 1) mask[slot] = wanted[codes[slot] ?? 0] ?? 0;
  return mask;
}

function numberMask(
  scene: ConditionScene,
  condition: RegisterCondition,
  { values, isSigned }: View<'numbers'>,
): Mask {
  const isWanted = wantedNumber(scene, condition, isSigned ? -Infinity : 0);
  const mask = nobody(scene);
  if (isWanted === null) return mask;
  for (let slot = 0; slot < mask.length; slot += 1) mask[slot] = isWanted(values[slot] ?? -1) ? 1 : 0;
  return mask;
}

function textMask(scene: ConditionScene, condition: RegisterCondition, texts: ByteTexts): Mask {
  const { column } = condition;
  const mask = nobody(scene);
  if (condition.op === 'empty' || condition.op === 'filled') {
    const isWanted = condition.op === 'empty';
    for (let slot = 0; slot < mask.length; slot += 1) mask[slot] = texts.isEmpty(slot) === isWanted ? 1 : 0;
    return mask;
  }
  if (condition.op === 'anyOf' || condition.op === 'noneOf') {
    const isAny = condition.op === 'anyOf';
    if (!isAny) mask.fill(1);
    for (const value of condition.values)
      if (foldText(value) !== '') texts.find(foldText(value), 'is', (slot) => (mask[slot] = isAny ? 1 : 0));
    return mask;
  }
  if (!('text' in condition)) return mask;
  const wanted = column === 'name' ? foldName(condition.text) : foldText(condition.text);
  if (wanted === '') return mask;
  texts.find(wanted, condition.op, (slot) => (mask[slot] = 1));
  return mask;
}

function phoneMask(scene: ConditionScene, condition: RegisterCondition, view: View<'numbers'>): Mask {
  if (!('text' in condition)) return numberMask(scene, condition, view);
  const mask = nobody(scene);
  const wanted = Uint8Array.from(condition.text.replace(/\D/g, ''), Number);
  // Longer than any number is nobody's.
  if (wanted.length === 0 || wanted.length > DIGITS_MAX) return mask;
  // Cast: phones are these two.
  scene.table.digitsOf?.(condition.column as 'mobile' | 'phone').find(wanted, condition.op, mask);
  return mask;
}
