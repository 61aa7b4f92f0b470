import { kindOfColumn, type RegisterCondition, type RegisterFilter } from '../../../sync/model/register.ts';
import { opsOf, type Op } from './columns.ts';

/** A condition as it stands in the form: texts, some of them not there yet. */
export interface RuleDraft {
  readonly column: string;
  readonly op: Op;
  readonly text: string;
  readonly values: readonly string[];
  readonly from: string;
  readonly to: string;
}

export interface FilterDraft {
  readonly match: RegisterFilter['match'];
  readonly rules: readonly RuleDraft[];
}

export function newRule(column: string): RuleDraft {
  return { column, op: opsOf(column)[0] ?? 'filled', text: '', values: [], from: '', to: '' };
}

const DAY_MS = 86_400_000;
const dayStart = (day: string): number => new Date(`${day}T00:00:00`).getTime();

/** A bound as the list counts: the start of a day, or its end; a day as a number; a number. */
function boundOf(column: string, text: string, isEnd: boolean): number | null {
  if (text === '') return null;
  switch (kindOfColumn(column)) {
    case 'time':
      return isEnd ? dayStart(text) + DAY_MS - 1 : dayStart(text);
    case 'day':
      return Number(text.replaceAll('-', ''));
    case 'number':
    case 'text':
    case 'phone':
    case 'choice':
    case 'choices':
      return Number(text);
  }
}

/** The condition, or null while something of it is missing. */
export function toCondition({ column, op, text, values, from, to }: RuleDraft): RegisterCondition | null {
  const plain = text.trim();
  switch (op) {
    case 'contains':
    case 'starts':
    case 'ends':
    case 'is':
      return plain === '' ? null : { column, op, text: plain };
    case 'empty':
    case 'filled':
      return { column, op };
    case 'anyOf':
    case 'noneOf':
      return values.length === 0 ? null : { column, op, values: [...values] };
    case 'between': {
      const bounds = { from: boundOf(column, from, false), to: boundOf(column, to, true) };
      const isWhole = [bounds.from, bounds.to].every((bound) => bound === null || Number.isFinite(bound));
      return isWhole && (bounds.from !== null || bounds.to !== null) ? { column, op, ...bounds } : null;
    }
    case 'within':
    case 'notWithin': {
      const days = Number(plain);
      return Number.isInteger(days) && days >= 1 && days <= 36_500 ? { column, op, days } : null;
    }
    case 'inMonth': {
      const month = Number(plain === '' ? '1' : plain);
      return { column, op, month };
    }
  }
}

/** What is whole of a form; the rest does not choose anybody yet. */
export const toFilter = ({ match, rules }: FilterDraft): RegisterFilter => ({
  match,
  rules: rules.map(toCondition).filter((rule) => rule !== null),
});

const pad = (value: number): string => String(value).padStart(2, '0');

function boundText(column: string, bound: number | null): string {
  if (bound === null) return '';
  switch (kindOfColumn(column)) {
    case 'time': {
      const day = new Date(bound);
      return `${day.getFullYear()}-${pad(day.getMonth() + 1)}-${pad(day.getDate())}`;
    }
    case 'day':
      return String(bound).replace(/^(\d{4})(\d\d)(\d\d)$/, '$1-$2-$3');
    case 'number':
    case 'text':
    case 'phone':
    case 'choice':
    case 'choices':
      return String(bound);
  }
}

function toRule(condition: RegisterCondition): RuleDraft {
  const { column, op } = condition;
  const rule = { ...newRule(column), op };
  if ('text' in condition) return { ...rule, text: condition.text };
  if ('values' in condition) return { ...rule, values: condition.values };
  if ('days' in condition) return { ...rule, text: String(condition.days) };
  if ('month' in condition) return { ...rule, text: String(condition.month) };
  if (!('from' in condition)) return rule;
  return { ...rule, from: boundText(column, condition.from), to: boundText(column, condition.to) };
}

/** A saved filter in the form; groups of conditions of another maker are laid out flat only where that is the same. */
export function toDraft({ match, rules }: RegisterFilter): FilterDraft | null {
  const flat: RuleDraft[] = [];
  for (const rule of rules) {
    if (!('rules' in rule)) flat.push(toRule(rule));
    else if (rule.match === match || rule.rules.length === 1) flat.push(...rule.rules.map(toRule));
    else return null;
  }
  return { match, rules: flat };
}
