import type { Sounds } from '../lib/sound.ts';
import type { ScanNotice } from './place-store.ts';
import type { Stores } from './stores.ts';

export type UnknownCard = Extract<ScanNotice, { kind: 'unknown-card' }>;

/** True when the centre may know more of a card than this till, and a form that is open stays in front. */
function isWorthAsking({ isOwnStock }: UnknownCard, { place, till }: Stores): boolean {
  const line = till.getState().sync?.state;
  return !isOwnStock && place.getState().place !== 'edit' && (line === 'idle' || line === 'syncing');
}

/**
 * A scanned card that nobody holds here: the notice stands at once and the centre is asked meanwhile. Its holder opens
 * by herself, unless somebody has gone on.
 */
export async function sayUnknownCard(card: UnknownCard, stores: Stores, sounds: Sounds): Promise<void> {
  const { place, member, search } = stores;
  if (!isWorthAsking(card, stores)) return place.getState().say(card);
  const asking: UnknownCard = { ...card, centre: 'asking' };
  place.getState().say(asking);
  const answer = await stores.askCentre(card.cardNumber).catch(() => null);
  if (place.getState().notice !== asking) return;
  const hit = answer?.found.members[0];
  if (hit === undefined) {
    const isNobodys = answer?.outcome === 'nobody';
    return place.getState().say(isNobodys ? { ...card, centre: 'nobody' } : card);
  }
  sounds.good();
  search.getState().clear();
  const held = hit.cards.find(({ cardNumber }) => cardNumber === card.cardNumber);
  place.getState().go('member');
  await member.getState().open(hit.memberId, held?.cardId ?? null);
}
