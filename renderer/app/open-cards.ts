import type { Stores } from './stores.ts';

/** All cards of the chain. */
export function openCards({ cards, search, place }: Stores): void {
  search.getState().clear();
  place.getState().go('cards');
  void cards.getState().open();
}

/** The chain's card types and tiers. */
export function openProgrammes({ programmes, till, search, place }: Stores): void {
  const now = till.getState().till;
  if (now.status !== 'shown') return;
  search.getState().clear();
  place.getState().go('programmes');
  const { businessDay: today, chain } = now.view;
  void programmes.getState().open({ today, decimals: chain?.currencyDecimals ?? 2 });
}
