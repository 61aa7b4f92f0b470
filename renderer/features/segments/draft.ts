import {
  Condition,
  Segment,
  TagRule,
  type ConditionTest,
  type SegmentRules,
} from '../../../sync/model/segment.ts';
import type { CallInput } from '../../../electron/contract/index.ts';
import type { SegmentChoice } from '../../../electron/contract/segments.ts';
import { fieldType, testsOf } from '../../../sync/model/segment-fields.ts';

/** A condition while it is being written: everything as typed. */
export interface ConditionDraft {
  readonly field: string;
  readonly test: ConditionTest;
  readonly values: readonly string[];
  readonly typed: string;
}

/** A saved tag rule while it is edited. `ownerId`: who answers for it from then on. */
export interface RuleDraft {
  readonly saved: TagRule;
  readonly tag: string;
  readonly isLifted: boolean;
  readonly ownerId: string;
}

export interface SegmentDraft {
  /** Null: a new one, or a rule. */
  readonly segment: Segment | null;
  /** Null: a segment. */
  readonly rule: RuleDraft | null;
  readonly name: string;
  /** Of a segment; '' for none. */
  readonly nameZh: string;
  readonly match: 'all' | 'any';
  readonly conditions: readonly ConditionDraft[];
  readonly isTest: boolean;
  /** How many of a hundred; 100 is everybody. */
  readonly share: 'whole' | 'a' | 'b';
}

const TODAY_LENGTH = 10;
const today = (): string => new Date().toISOString().slice(0, TODAY_LENGTH);

/** What stands in a condition when its field or test was just chosen. */
const START: Readonly<Partial<Record<ConditionTest, () => string>>> = {
  atLeast: () => '1',
  atMost: () => '1',
  withinDays: () => '30',
  olderThanDays: () => '60',
  comingDays: () => '7',
  from: today,
  to: today,
};

export function newCondition(field: string, wanted?: ConditionTest): ConditionDraft {
  const tests = testsOf(field);
  const test = wanted !== undefined && tests.includes(wanted) ? wanted : (tests[0] ?? 'known');
  return { field, test, values: [], typed: START[test]?.() ?? '' };
}

export const NEW_DRAFT: SegmentDraft = {
  segment: null,
  rule: null,
  name: '',
  nameZh: '',
  match: 'all',
  conditions: [newCondition('rfm')],
  isTest: false,
  share: 'whole',
};

function typedOf(condition: Condition, decimals: number): string {
  if ('number' in condition) {
    const isMoney = fieldType(condition.field) === 'money';
    return isMoney ? (condition.number / 10 ** decimals).toFixed(decimals) : String(condition.number);
  }
  if ('days' in condition) return String(condition.days);
  return 'day' in condition ? condition.day : '';
}

const conditionsOf = ({ conditions }: SegmentRules, decimals: number): ConditionDraft[] =>
  conditions.map((condition) => ({
    ...{ field: condition.field, test: condition.test },
    values: 'values' in condition ? condition.values : [],
    typed: typedOf(condition, decimals),
  }));

export function draftOf(segment: Segment, decimals: number): SegmentDraft {
  const { name, nameZh, match, isTest, shareFrom, shareTo } = segment;
  return {
    ...{ segment, rule: null, name, nameZh, match, isTest },
    share: shareFrom > 0 ? 'b' : shareTo < 100 ? 'a' : 'whole',
    conditions: conditionsOf(segment, decimals),
  };
}

export function draftOfRule(saved: TagRule, ownerId: string, decimals: number): SegmentDraft {
  const { name, match, tag, isLifted } = saved;
  const rule = { saved, tag, isLifted, ownerId };
  const conditions = conditionsOf(saved, decimals);
  return { ...NEW_DRAFT, ...{ rule, name, match, conditions } };
}

const numberIn = (typed: string): number => Number(typed.replace(',', '.'));
/** True for a part of a number where only whole ones count. */
export const isBroken = ({ field, typed }: ConditionDraft): boolean =>
  fieldType(field) !== 'money' && !Number.isInteger(numberIn(typed)) && Number.isFinite(numberIn(typed));

/** A part of the plot, or a square of it, as rules. */
export function rulesOf(choice: Exclude<SegmentChoice, { kind: 'segment' }>): SegmentRules {
  if (choice.kind === 'rules') return choice.rules;
  const exactly = (field: string, number: number): Condition[] => [
    { test: 'atLeast', field, number },
    { test: 'atMost', field, number },
  ];
  const { recency, frequency } = choice;
  return { match: 'all', conditions: [...exactly('recency', recency), ...exactly('frequency', frequency)] };
}

/** A new segment of rules that somebody has looked at. */
export const draftOfRules = (rules: SegmentRules, name: string, decimals: number): SegmentDraft => ({
  ...NEW_DRAFT,
  ...{ name, match: rules.match, conditions: conditionsOf(rules, decimals) },
});

/** The condition that was typed; null while something is missing or wrong. */
export function toCondition(
  { field, test, values, typed }: ConditionDraft,
  decimals: number,
): Condition | null {
  const isMoney = fieldType(field) === 'money';
  const asTyped = numberIn(typed);
  const number = isMoney ? Math.round(asTyped * 10 ** decimals) : asTyped;
  const read = Condition.safeParse({
    ...{ field, test },
    ...(values.length > 0 && (test === 'oneOf' || test === 'noneOf' || test === 'allOf') && { values }),
    ...(test === 'startsWith' && {
      values: typed
        .split(',')
        .map((part) => part.trim())
        .filter((part) => part !== ''),
    }),
    ...((test === 'atLeast' || test === 'atMost') && typed.trim() !== '' && { number }),
    ...((test === 'withinDays' || test === 'olderThanDays' || test === 'comingDays') &&
      typed.trim() !== '' && { days: number }),
    ...((test === 'from' || test === 'to') && { day: typed }),
  });
  return read.success ? read.data : null;
}

export function toRules({ match, conditions }: SegmentDraft, decimals: number): SegmentRules | null {
  const read = conditions.map((each) => toCondition(each, decimals));
  const whole = read.filter((each) => each !== null);
  return whole.length === read.length && whole.length > 0 ? { match, conditions: whole } : null;
}

const SHARES = { whole: [0, 100], a: [0, 50], b: [50, 100] } as const;

/** What is asked of how many it would be; null while the rules are not whole. */
export function toTrial(draft: SegmentDraft, decimals: number): CallInput<'segments.try'> | null {
  const rules = toRules(draft, decimals);
  const [shareFrom, shareTo] = SHARES[draft.share];
  return rules && { rules, segmentId: draft.segment?.segmentId ?? null, shareFrom, shareTo };
}

/** The segment as it would be saved; null while it is not whole. `version` is set when it is saved. */
export function toSegment(draft: SegmentDraft, segmentId: string, decimals: number): Segment | null {
  const rules = toRules(draft, decimals);
  const [shareFrom, shareTo] = SHARES[draft.share];
  const read = Segment.safeParse({
    ...draft.segment,
    ...rules,
    ...{ segmentId, version: draft.segment?.version ?? 1 },
    ...{ name: draft.name, nameZh: draft.nameZh },
    ...{ isTest: draft.isTest, shareFrom, shareTo },
  });
  return rules !== null && read.success ? read.data : null;
}

/** The rule as it would be saved; null while it is not whole. It stays the work of the till that has it. */
export function toTagRule(draft: SegmentDraft, decimals: number): TagRule | null {
  const { rule, name } = draft;
  const rules = toRules(draft, decimals);
  if (rule === null || rules === null) return null;
  const { saved, tag, isLifted, ownerId } = rule;
  const read = TagRule.safeParse({ ...saved, ...rules, ...{ name, tag, isLifted, ownerId } });
  return read.success ? read.data : null;
}

/** True when everything is there that a segment, or a rule, is made of. */
export const isWhole = (draft: SegmentDraft, decimals: number): boolean =>
  (draft.rule === null
    ? toSegment(draft, draft.segment?.segmentId ?? 'new', decimals)
    : toTagRule(draft, decimals)) !== null;
