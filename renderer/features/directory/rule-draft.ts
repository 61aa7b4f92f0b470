import {
  type ColumnKind,
  type ColumnKinds,
  kindOfColumn,
  type RegisterCondition,
  type RegisterFilter,
} from '../../../sync/model/register.ts';
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

/** Conditions that stand together as one. */
export interface GroupDraft {
  readonly match: RegisterFilter['match'];
  readonly rules: readonly RuleDraft[];
}

export interface FilterDraft {
  readonly match: RegisterFilter['match'];
  readonly rules: readonly (RuleDraft | GroupDraft)[];
}

export function newRule(column: string, kinds: ColumnKinds): RuleDraft {
  return { column, op: opsOf(column, kinds)[0] ?? 'filled', text: '', values: [], from: '', to: '' };
}

/** Joined the other way than what is around it: else it would say nothing more. */
export const newGroup = ({ match }: Pick<FilterDraft, 'match'>, rule: RuleDraft): GroupDraft => ({
  match: match === 'all' ? 'any' : 'all',
  rules: [rule],
});

const DAY_MS = 86_400_000;
const dayStart = (day: string): number => new Date(`${day}T00:00:00`).getTime();

/** A bound as the list counts: the start of a day, or its end; a day as a number; a number. */
function boundOf(kind: ColumnKind, text: string, isEnd: boolean): number | null {
  if (text === '') return null;
  switch (kind) {
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
export function toCondition(
  { column, op, text, values, from, to }: RuleDraft,
  kinds: ColumnKinds,
): RegisterCondition | null {
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
      const kind = kindOfColumn(column, kinds);
      const bounds = { from: boundOf(kind, from, false), to: boundOf(kind, to, true) };
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
export function toFilter({ match, rules }: FilterDraft, kinds: ColumnKinds): RegisterFilter {
  const wholeOf = (drafts: readonly RuleDraft[]): RegisterCondition[] =>
    drafts.map((draft) => toCondition(draft, kinds)).filter((rule) => rule !== null);
  return {
    match,
    rules: rules.flatMap((rule): RegisterFilter['rules'] => {
      if (!('rules' in rule)) return wholeOf([rule]);
      const whole = wholeOf(rule.rules);
      return whole.length === 0 ? [] : [{ match: rule.match, rules: whole }];
    }),
  };
}

/** Conditions of a filter, those in groups too. */
export const countRules = ({ rules }: RegisterFilter): number =>
  rules.reduce((sum, rule) => sum + ('rules' in rule ? rule.rules.length : 1), 0);

const pad = (value: number): string => String(value).padStart(2, '0');

function boundText(kind: ColumnKind, bound: number | null): string {
  if (bound === null) return '';
  switch (kind) {
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

function toRule(condition: RegisterCondition, kinds: ColumnKinds): RuleDraft {
  const { column, op } = condition;
  const kind = kindOfColumn(column, kinds);
  const rule = { ...newRule(column, kinds), op };
  if ('text' in condition) return { ...rule, text: condition.text };
  if ('values' in condition) return { ...rule, values: condition.values };
  if ('days' in condition) return { ...rule, text: String(condition.days) };
  if ('month' in condition) return { ...rule, text: String(condition.month) };
  if (!('from' in condition)) return rule;
  return { ...rule, from: boundText(kind, condition.from), to: boundText(kind, condition.to) };
}

/** A saved filter in the form, as it stands in the file. */
export const toDraft = ({ match, rules }: RegisterFilter, kinds: ColumnKinds): FilterDraft => ({
  match,
  rules: rules.map((rule) =>
    'rules' in rule
      ? { match: rule.match, rules: rule.rules.map((each) => toRule(each, kinds)) }
      : toRule(rule, kinds),
  ),
});
