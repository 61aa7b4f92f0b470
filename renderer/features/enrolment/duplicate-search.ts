import type { DuplicateHit } from '../../../electron/contract/members.ts';
import type { ProfileField } from '../../lib/member-fields.ts';
import { toDraft, type DraftTexts } from './draft.ts';
import type { EnrolmentForm, EnrolmentParts, EnrolmentStoreOptions } from './enrolment-store.ts';

export const DUPLICATES_DELAY_MS = 200;

/** A name or a number as two notations of it compare: blanks and dashes make no other one. */
export const bare = (text: string): string => text.replace(/[\s-]/g, '');

/** What was found about fields that have not changed since: a corrected number is no longer its old owner's. */
export function stillTrue({ duplicates, texts }: EnrolmentForm, next: DraftTexts): readonly DuplicateHit[] {
  const isSame = (field: ProfileField): boolean => bare(texts[field]) === bare(next[field]);
  return duplicates.filter(({ field }) =>
    field === 'name' ? isSame('lastName') && isSame('firstName') : isSame(field),
  );
}

/** Who has these already, a moment after the last key. Answers that typing has overtaken are dropped. */
export function createDuplicateSearch(
  { core, today }: EnrolmentStoreOptions,
  { getState, setState }: EnrolmentParts,
): () => void {
  let latest = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const look = async (mine: number): Promise<void> => {
    const { form } = getState();
    if (!form) return;
    const duplicates = await core['members.findDuplicates']({
      draft: toDraft(form.texts, today()),
      exceptMemberId: null,
    }).catch(() => null);
    const now = getState().form;
    // A draft that the core can not read says nothing new; what was found about unchanged fields stays.
    if (duplicates && now?.opId === form.opId && mine === latest) setState({ form: { ...now, duplicates } });
  };
  return () => {
    latest += 1;
    const mine = latest;
    clearTimeout(timer);
    timer = setTimeout(() => void look(mine), DUPLICATES_DELAY_MS);
  };
}
