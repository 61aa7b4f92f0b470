import { type Condition, inTag, outTag, type Segment } from '../model/segment.ts';
import { NONE } from './columns.ts';
import { compileCondition, compileSegment, type Today } from './compile.ts';
import { columnsOfOne, type PersonFacts } from './facts.ts';

/** Why somebody is in a segment: a condition that holds, and what it holds of. */
export interface Reason {
  condition: Condition;
  words: readonly string[];
  /** Of a field of numbers or days; null for none. */
  number: number | null;
}

export interface Membership {
  isIn: boolean;
  /** A person decided it, whatever the rules say. */
  byHand: 'in' | 'out' | null;
  /** The conditions that hold; empty for who is not in by them. */
  reasons: Reason[];
}

const fieldRead = (field: string): string => (field === 'age' ? 'birthday' : field);

function reasonOf(condition: Condition, { words, numbers }: PersonFacts): Reason {
  const field = fieldRead(condition.field);
  const number = numbers[field] ?? NONE;
  return { condition, words: words[field] ?? [], number: number === NONE ? null : number };
}

/** Whether and why a member is in a segment. What all members are counted by decides, and nothing else. */
export function explain(segment: Segment, facts: PersonFacts, today: Today): Membership {
  const source = columnsOfOne(facts);
  const tags = facts.words['tags'] ?? [];
  const isIn = compileSegment(segment, source, today)(0);
  const isOut = tags.includes(outTag(segment.segmentId));
  const byHand = isOut ? 'out' : tags.includes(inTag(segment.segmentId)) ? 'in' : null;
  const held = isIn ? segment.conditions.filter((each) => compileCondition(each, source, today)(0)) : [];
  return { isIn, byHand, reasons: held.map((condition) => reasonOf(condition, facts)) };
}
