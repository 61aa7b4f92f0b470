import type { MemberId } from '../../sync/base/ids.ts';
import type { ListWithin } from '../features/directory/directory-state.ts';
import { isEmptyDraft, type DraftTexts } from '../features/enrolment/draft.ts';
import type { Target as MessageTarget } from '../features/messages/messages-state.ts';
import { troubledIdOf } from '../features/scanners/condition.ts';
import type { DeskPlace, Place } from './place-store.ts';
import type { Stores } from './stores.ts';

/** What the box held when nobody was found, put into the field of the form that it fits. */
export function textsFromSearch(text: string): { texts?: Partial<DraftTexts>; cardNumber?: string } {
  const plain = text.trim();
  const digits = plain.replace(/[\s-]/g, '');
  if (plain === '') return {};
  if (/^\d{16}$/.test(digits)) return { cardNumber: digits };
  if (plain.includes('@')) return { texts: { email: plain } };
  if (/^[\d\s+().-]+$/.test(plain)) return { texts: { mobile: plain } };
  const [lastName = '', ...rest] = plain.split(/\s+/);
  return { texts: { lastName, firstName: rest.join(' ') } };
}

/** Opens enrolment, or the one that is unfinished, with the chain's first card type. */
export function startEnrolment(
  { till, enrolment, search, place }: Stores,
  start: { texts?: Partial<DraftTexts>; cardNumber?: string } = {},
): void {
  const now = till.getState().till;
  if (now.status !== 'shown') return;
  const first = now.view.cardTypes.find(({ isRetired }) => !isRetired);
  enrolment.getState().start({
    cardTypeId: first?.cardTypeId ?? null,
    hasMarketingConsent: now.view.chain?.consentMode === 'pdpa',
    ...start,
  });
  search.getState().clear();
  place.getState().go('enrol');
}

/** The manager's screen of the day that runs now. */
export function openCloseDay({ closeDay, search, place }: Stores): void {
  search.getState().clear();
  place.getState().go('close-day');
  void closeDay.getState().open();
}

/** A shop's day over all of its tills: today's first. */
export function openShopDay({ shopDay, search, place }: Stores): void {
  search.getState().clear();
  place.getState().go('shop-day');
  void shopDay.getState().open();
}

/** Who did what: the day that runs first. */
export function openLog({ log, search, place }: Stores): void {
  search.getState().clear();
  place.getState().go('log');
  void log.getState().open();
}

/** Who works here, which shops there are, and what holds for the whole chain. */
export function openChain({ chain, till, search, place }: Stores): void {
  const now = till.getState().till;
  if (now.status !== 'shown') return;
  search.getState().clear();
  place.getState().go('chain');
  const { chain: known, session } = now.view;
  const selfId = session?.person.staffId ?? '';
  void chain.getState().open({ selfId, decimals: known?.currencyDecimals ?? 2 });
}

/** All members of the chain; or those of a segment, and Esc then leads back to where it was chosen. */
export function openDirectory({ directory, search, place }: Stores, within?: ListWithin): void {
  search.getState().clear();
  if (within === undefined) place.getState().go('directory');
  else place.getState().goOver('directory');
  void directory.getState().open(within ?? null);
}

/** Groups of members that make themselves. */
export function openSegments({ segments, search, place }: Stores): void {
  search.getState().clear();
  place.getState().go('segments');
  void segments.getState().open();
}

/** The manager's list of what waits for a decision. */
export function openInbox({ inbox, search, place }: Stores): void {
  search.getState().clear();
  place.getState().go('inbox');
  void inbox.getState().open();
}

/** Messages: to a segment, or to the member that `target` names; Esc then leads back to where she was chosen. */
export function openMessages({ messages, search, place }: Stores, target?: MessageTarget): void {
  search.getState().clear();
  if (target === undefined) place.getState().go('messages');
  else place.getState().goOver('messages');
  void messages.getState().open(target);
}

/** The manager's way from a file to members. */
export function openImports({ imports, search, place }: Stores): void {
  search.getState().clear();
  place.getState().go('imports');
  void imports.getState().open();
}

/** The scanners of this till, and what can be done about each; one in trouble in front, if there is one. */
export function openDoctor({ devices, search, place }: Stores): void {
  search.getState().clear();
  place.getState().go('scanners');
  const troubledId = troubledIdOf(devices.getState().view);
  if (troubledId !== null) devices.getState().choose(troubledId);
  void devices.getState().refresh('all');
}

/** True when there is something in the unfinished form that is worth going back to. */
export const hasUnfinishedEnrolment = (texts: DraftTexts | undefined): boolean =>
  texts !== undefined && !isEmptyDraft(texts);

/** Screens that stand beside the member's: the way back leads to hers, or home. */
const isBeside = (place: Place): boolean => place !== 'home' && place !== 'member';

/** Esc: one step back, and nothing that was typed into a form is lost by it. */
export function stepBack(stores: Stores): void {
  const { place, search, member, merge, settings, closeDay, inbox, learn } = stores;
  const { place: here, notice, over } = place.getState();
  const { text, lookup } = search.getState();
  const { shown, panel, act } = member.getState();
  const hasMember = shown.status !== 'none';
  if (text !== '' || lookup.status === 'choice') return search.getState().clear();
  if (here === 'settings') settings.getState().close();
  const asked = closeDay.getState().closing.status === 'asking';
  if (here === 'close-day' && asked) return closeDay.getState().cancel();
  const isLearning = learn.getState().learning.status !== 'off';
  if (here === 'scanners' && isLearning) return learn.getState().stop();
  if (here === 'merge') {
    const { merging, again, close } = merge.getState();
    if (merging.status === 'busy') return;
    if (merging.status === 'choosing') return again();
    close();
  }
  if (here === 'inbox') {
    const { saying, cancel, leave } = inbox.getState();
    if (saying.status === 'asking' || saying.status === 'failed') return cancel();
    leave();
  }
  if (over?.backTo) return place.getState().goFrom(over.backTo);
  if (isBeside(here)) return place.getState().go(over?.place ?? (hasMember ? 'member' : 'home'));
  if (notice) return place.getState().say(null);
  if (here === 'member') {
    if (panel !== null || act.status === 'done' || act.status === 'failed')
      return member.getState().dismiss();
    member.getState().close();
    place.getState().go(place.getState().backTo ?? 'home');
  }
}

/** A member of a list of the desk; Esc leads back to that list as it was. */
export function openMemberFrom(
  backTo: DeskPlace,
  memberId: MemberId,
  { search, member, place }: Stores,
): void {
  search.getState().clear();
  place.getState().goFrom(backTo);
  void member.getState().open(memberId);
}
