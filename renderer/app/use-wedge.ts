import { useEffect } from 'react';
import type { Input } from '../../electron/contract/index.ts';
import { listenForWedge } from '../lib/wedge.ts';
import type { Stores } from './stores.ts';

/** Whatever may reach the core. */
export type OpenKind = NonNullable<Input<'scans.resolve'>['kind']>;

export interface WedgeParts {
  readonly stores: Stores;
  /** Leading digits of the chain's own cards. */
  readonly prefix: string | undefined;
  /** Where keys go that nothing has the focus for. */
  readonly fallback: () => HTMLInputElement | null;
  readonly onText: (text: string, kind: OpenKind) => void;
}

/** A keyboard-wedge scan is taken wherever the focus is. Keep both functions the same from one drawing to the next. */
export function useWedge({ stores, prefix, fallback, onText }: WedgeParts): void {
  useEffect(
    () =>
      listenForWedge({
        ownPrefixes: prefix === undefined ? [] : [prefix],
        fallback,
        onScan: (event) => {
          const { say } = stores.place.getState();
          if (event.type === 'scan-error') say({ kind: 'bad-read' });
          if (event.type !== 'scan') return;
          if (event.scan.kind === 'blocked-payment-card') say({ kind: 'payment-card' });
          else if (event.scan.kind === 'id-document') say({ kind: 'bad-read' });
          else onText(event.scan.text, event.scan.kind);
        },
      }),
    [stores, prefix, fallback, onText],
  );
}
