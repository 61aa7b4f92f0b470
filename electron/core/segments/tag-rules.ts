import type { Condition, TagRule } from '../../../sync/model/segment.ts';

/** A condition on tags whose answer a rule's own work could change. */
const isOnMade = (condition: Condition, made: ReadonlySet<string>): boolean => {
  if (condition.field !== 'tags') return false;
  const isNamed = condition.test === 'oneOf' || condition.test === 'noneOf' || condition.test === 'allOf';
  return !isNamed || condition.values.some((tag) => made.has(tag));
};

/**
 * The rules that count, each with `isLifted` only where taking the tag off can never lead to putting it on again: a tag
 * that two rules put on, or a rule that asks for tags that rules make, would go on and off without end.
 */
export function settleRules(rules: readonly TagRule[]): TagRule[] {
  const live = rules.filter(({ isRetired }) => !isRetired);
  const made = new Set(live.map(({ tag }) => tag));
  const isAlone = ({ tag }: TagRule): boolean => live.filter((each) => each.tag === tag).length === 1;
  return live.map((rule) => ({
    ...rule,
    isLifted:
      rule.isLifted && isAlone(rule) && !rule.conditions.some((condition) => isOnMade(condition, made)),
  }));
}
