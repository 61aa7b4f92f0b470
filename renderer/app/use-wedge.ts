import { useEffect } from 'react';
import { listenForWedge } from '../lib/wedge.ts';
import type { Stores } from './stores.ts';

export interface WedgeParts {
  readonly stores: Stores;
  /** Leading digits of the chain's own cards. */
  readonly prefix: string | undefined;
  /** Where keys go that nothing has the focus for. */
  readonly fallback: () => HTMLInputElement | null;
  readonly onText: (text: string) => void;
}

/** A keyboard-wedge scan is taken wherever the focus is. Keep both functions the same from one drawing to the next. */
export function useWedge({ stores, prefix, fallback, onText }: WedgeParts): void {
  useEffect(
    () =>
      listenForWedge({
        ownPrefixes: prefix === undefined ? [] : [prefix],
        fallback,
        onScan: ({ kind, text }) => {
          if (kind === 'refused-payment-card') stores.place.getState().say({ kind: 'payment-card' });
          else onText(text);
        },
      }),
    [stores, prefix, fallback, onText],
  );
}
