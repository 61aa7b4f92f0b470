import { POLICY_TEXT_MAX } from '../../../sync/model/policy-text.ts';
import type { PolicyProblem } from './drafts.ts';
import { policyProblem } from './read-draft.ts';

/** Bytes of a sign in UTF-8 at most, and what a file may begin with. */
const BYTES_MAX = 4 * POLICY_TEXT_MAX + 3;

export type PolicyRead = { readonly text: string } | { readonly problem: PolicyProblem };

/** The text of a plain text file; nothing of a file is taken that is another kind, too long or not UTF-8. */
export async function readPolicyFile(file: Pick<File, 'name' | 'size' | 'arrayBuffer'>): Promise<PolicyRead> {
  if (!/\.txt$/i.test(file.name)) return { problem: 'noText' };
  if (file.size > BYTES_MAX) return { problem: 'long' };
  try {
    const decoded = new TextDecoder('utf-8', { fatal: true }).decode(await file.arrayBuffer());
    const text = decoded.replace(/\r\n?/g, '\n').trim();
    const problem = text === '' ? 'noText' : policyProblem(text);
    return problem === null ? { text } : { problem: problem === 'unseen' ? 'noText' : problem };
  } catch {
    // Not UTF-8, or gone from where it was chosen.
    return { problem: 'noText' };
  }
}
