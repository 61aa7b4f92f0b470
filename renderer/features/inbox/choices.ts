import type { HeldOpView, InboxAction, InboxItem, InboxPerson } from '../../../electron/contract/inbox.ts';
import type { MemberId } from '../../../sync/base/ids.ts';

/** Texts of `keep`: what it says differs with what stays. */
type Word = Exclude<InboxAction, 'keep'> | 'seen' | 'keepMember' | 'keepValue' | 'keepApart' | 'inOrder';

/** One thing that a manager can say to an item, with the key that says it. */
export interface Choice {
  readonly action: InboxAction;
  readonly word: Word;
  readonly hotkey: string | undefined;
  /** Of a merge: whom the other one goes on as. */
  readonly into: InboxPerson | null;
  /** It can not be taken back, or is about somebody, so somebody says why. */
  readonly needsReason: boolean;
  /** Nobody does it alone: somebody else adds her PIN. */
  readonly needsSecond: boolean;
}

const HOTKEYS = ['F2', 'F3', 'F4'] as const;
const NEEDS_REASON: ReadonlySet<InboxAction> = new Set<InboxAction>([
  ...(['dismiss', 'discard', 'pursue', 'anonymise'] as const),
]);

export function wordOf(action: InboxAction, { kind }: InboxItem): Word {
  if (action !== 'keep') return action;
  if (kind === 'field_conflict') return 'keepValue';
  if (kind === 'inactive_member') return 'keepMember';
  if (kind === 'own_card' || kind === 'hand_limit') return 'inOrder';
  return kind === 'shared_mobile' || kind === 'shared_lookup_id' ? 'keepApart' : 'seen';
}

/** What she can say, in the order in which it stands; a merge is there once for each of the two. */
export function choicesOf(item: InboxItem): readonly Choice[] {
  const all = item.answers.flatMap((action) => {
    const intos: readonly (InboxPerson | null)[] = action === 'merge' ? item.people : [null];
    return intos.map((into) => ({ action, word: wordOf(action, item), into }));
  });
  return all.map((choice, at) => ({
    ...choice,
    hotkey: HOTKEYS[at],
    needsReason: NEEDS_REASON.has(choice.action),
    needsSecond: choice.action === 'anonymise',
  }));
}

/**
 * What of a held op works is known once its body was read: a form that could mend nothing is not offered, nor what the
 * centre would refuse. To drop it always works.
 */
export function isOffered({ action }: Choice, held: HeldOpView | null): boolean {
  if (action === 'repair') return held !== null && held.hopeless === null && held.fields.length > 0;
  return action !== 'apply' || held?.hopeless === null;
}

/** The same choice of an item that was read again: by what it does, not by where it stands. */
export const isSameChoice = (one: Choice, other: Choice): boolean =>
  one.action === other.action && intoIdOf(one) === intoIdOf(other);
export const intoIdOf = ({ into }: Choice): MemberId | null => into?.memberId ?? null;

/** The item next to `id` in the list; the same one at its end. */
export function neighbourOf(items: readonly InboxItem[], id: string | null, step: 1 | -1): string | null {
  const at = items.findIndex((item) => item.id === id);
  const next = items[Math.max(0, Math.min(items.length - 1, at + step))];
  return next?.id ?? null;
}

/** Somebody who stands by an answer that takes two, as she is typed. */
export interface Second {
  readonly login: string;
  readonly pin: string;
}
export const NOBODY: Second = { login: '', pin: '' };

/** What goes along with an answer of that choice. */
export const backing = ({ needsSecond }: Choice, { login, pin }: Second) =>
  needsSecond ? { second: { login: login.trim(), pin } } : {};
