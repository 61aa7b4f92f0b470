import type { InboxAction } from '../../../electron/contract/inbox.ts';
import { opName } from '../../lib/op-name.ts';
import type { Words } from '../../lib/words.ts';

/** Each answer to an inbox item has words; a new one does not compile without. */
const ANSWERS: Readonly<Record<InboxAction, true>> = {
  ...{ keep: true, restore: true, merge: true, unmerge: true, apply: true, repair: true, dismiss: true },
  ...{ book: true, discard: true, pursue: true, anonymise: true, resume: true, switch_off: true },
};
const isAnswer = (text: string): text is InboxAction => Object.hasOwn(ANSWERS, text);

const OTHERS = {
  'member.anonymised': 'anonymise',
  'till.lost': 'tillLost',
  'till.holds_freed': 'holdsFreed',
} as const;
const isOther = (action: string): action is keyof typeof OTHERS => Object.hasOwn(OTHERS, action);

/** What was decided, in the till's language; one of a later centre as that calls it. */
export function decisionName(words: Pick<Words, 't'>, action: string): string {
  const answer = action.startsWith('inbox.') ? action.slice('inbox.'.length) : '';
  if (isAnswer(answer)) return words.t(`log.decision.${answer}`);
  return isOther(action) ? words.t(`log.decision.${OTHERS[action]}`) : opName(words, action);
}
