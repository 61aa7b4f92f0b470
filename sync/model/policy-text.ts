import { z } from 'zod';
import { textSum } from '../base/text-sum.ts';

export const POLICY_TEXT_MAX = 20_000;
/** Signs that are no text, as of a file that is none, and lone halves of signs; line breaks and tabs are text. */
const UNSEEN = /[^\P{Cc}\n\t]|[\p{Zl}\p{Zp}\p{Surrogate}]/u;

/** What a member agrees to, word for word: plain text, never read as anything else. */
export const PolicyText = z
  .string()
  .trim()
  .min(1)
  .max(POLICY_TEXT_MAX)
  .refine((text) => !UNSEEN.test(text), 'a sign that is no text');

/** A version that stood before: its name, and the sum of its text; '' where that was on paper alone. */
export const PolicyBefore = z.strictObject({ version: z.string().max(40), sum: z.string().max(16) });
type PolicyBefore = z.infer<typeof PolicyBefore>;
/** Most names that are remembered; behind them the oldest go. */
export const POLICIES_BEFORE_MAX = 500;

/** Of the chain's document. */
export interface Policy {
  readonly policyVersion: string;
  readonly policyText?: string | undefined;
  readonly policiesBefore?: readonly PolicyBefore[] | undefined;
}

/** As people read a name: `v2` and ` V2` are one. */
const isOneName = (left: string, right: string): boolean =>
  left.trim().toLowerCase() === right.trim().toLowerCase();
const sumOf = ({ policyText }: Policy): string => (policyText === undefined ? '' : textSum(policyText));

/**
 * Whether `next` may follow: a version's name never stands for another text, so that no consent stands against a text
 * that was changed under it. Another text, or none any more, has another version; and the name of a version that stood
 * before comes back with its own text only. The first text of a version that had none is what it said on paper, as
 * long as that version stands.
 */
export function mayPolicyFollow(known: Policy | undefined, next: Policy): boolean {
  if (known === undefined) return true;
  if (isOneName(known.policyVersion, next.policyVersion))
    return known.policyText === undefined || known.policyText === next.policyText;
  const before = known.policiesBefore?.find(({ version }) => isOneName(version, next.policyVersion));
  return before === undefined || before.sum === sumOf(next);
}

/** What `next` has behind it, after `known`: every other name that stood, each once. Absent where there is none. */
export function policiesBehind(
  known: Policy | undefined,
  next: Pick<Policy, 'policyVersion'>,
): PolicyBefore[] | undefined {
  if (known === undefined) return undefined;
  const all = [{ version: known.policyVersion, sum: sumOf(known) }, ...(known.policiesBefore ?? [])];
  const others = all.filter(
    ({ version }, at) =>
      !isOneName(version, next.policyVersion) &&
      all.findIndex((each) => isOneName(each.version, version)) === at,
  );
  return others.length === 0 ? undefined : others.slice(0, POLICIES_BEFORE_MAX);
}

/** `next` with the names that stood before it in place of those that its author sent along. */
export function withPoliciesBehind<Body extends Policy>(known: Policy | undefined, next: Body): Body {
  const { policiesBefore: _, ...body } = next;
  const policiesBefore = policiesBehind(known, next);
  // Cast: only the field that may be absent was taken out.
  return { ...body, ...(policiesBefore !== undefined && { policiesBefore }) } as unknown as Body;
}
