import { z } from 'zod';

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

/** Of the chain's document. */
export interface Policy {
  readonly policyVersion: string;
  readonly policyText?: string | undefined;
}

/**
 * Whether `next` may follow: another text, or none any more, has another version, so that no consent stands against
 * a text that was changed under it. The first text of a version that had none is what it said on paper.
 */
export const mayPolicyFollow = (known: Policy | undefined, next: Policy): boolean =>
  known?.policyText === undefined ||
  known.policyText === next.policyText ||
  known.policyVersion !== next.policyVersion;
