import { Condition, Segment, type ConditionTest, type SegmentRules } from '../../../sync/model/segment.ts';
import { fieldType, testsOf } from '../../../sync/model/segment-fields.ts';

/** A condition while it is being written: everything as typed. */
export interface ConditionDraft {
  readonly field: string;
  readonly test: ConditionTest;
  readonly values: readonly string[];
  readonly typed: string;
}

export interface SegmentDraft {
  /** Null: a new one. */
  readonly segment: Segment | null;
  readonly name: string;
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
  name: '',
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

export function draftOf(segment: Segment, decimals: number): SegmentDraft {
  const { name, match, isTest, shareFrom, shareTo } = segment;
  return {
    ...{ segment, name, match, isTest },
    share: shareFrom > 0 ? 'b' : shareTo < 100 ? 'a' : 'whole',
    conditions: segment.conditions.map((condition) => ({
      ...{ field: condition.field, test: condition.test },
      values: 'values' in condition ? condition.values : [],
      typed: typedOf(condition, decimals),
    })),
  };
}

/** The condition that was typed; null while something is missing or wrong. */
export function toCondition(
  { field, test, values, typed }: ConditionDraft,
  decimals: number,
): Condition | null {
  const isMoney = fieldType(field) === 'money';
  const number = Math.round(Number(typed.replace(',', '.')) * (isMoney ? 10 ** decimals : 1));
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

/** The segment as it would be saved; null while it is not whole. `version` is set when it is saved. */
export function toSegment(draft: SegmentDraft, segmentId: string, decimals: number): Segment | null {
  const rules = toRules(draft, decimals);
  const [shareFrom, shareTo] = SHARES[draft.share];
  const read = Segment.safeParse({
    ...draft.segment,
    ...rules,
    ...{ segmentId, version: draft.segment?.version ?? 1, name: draft.name },
    ...{ isTest: draft.isTest, shareFrom, shareTo },
  });
  return rules !== null && read.success ? read.data : null;
}
