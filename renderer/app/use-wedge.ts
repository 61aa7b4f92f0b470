import { useEffect, useMemo } from 'react';
import { useStore } from 'zustand';
import type { Input } from '../../electron/contract/index.ts';
import { isTextField } from '../lib/key-field.ts';
import type { Core } from '../lib/core-client.ts';
import type { Sounds } from '../lib/sound.ts';
import { toWedgeRules } from '../lib/wedge-rules.ts';
import { listenForWedge, type WedgeEvent } from '../lib/wedge.ts';
import type { Stores } from './stores.ts';
import type { TypingField } from './typing-field.ts';
import { keepScan, resolveWedgeScan, takeScan } from './wiring.ts';

type Scanned = Input<'scans.resolve'>;

export interface WedgeParts {
  readonly core: Core;
  readonly stores: Stores;
  readonly sounds: Sounds;
  readonly typingField: TypingField;
}

/**
 * A keyboard-wedge scan is taken wherever the focus is, on every screen: one listener from the first paint on, so that
 * no scan is cut in two by a change of screens.
 */
export function useWedge({ core, stores, sounds, typingField }: WedgeParts): void {
  const prefix = useStore(stores.till, ({ till }) =>
    till.status === 'shown' ? till.view.chain?.cardPrefix : undefined,
  );
  const scanRules = useStore(stores.devices, ({ rules }) => rules);
  const rules = useMemo(() => toWedgeRules(prefix, scanRules), [prefix, scanRules]);
  useEffect(
    () =>
      listenForWedge({
        rules,
        fallback: typingField.find,
        // Whoever has gone into a field types there.
        tap: (key) => !isTextField(document.activeElement) && stores.learn.getState().tap(key),
        onScan: (event, type) => takeWedgeEvent(event, { core, stores, sounds, type }),
      }),
    [rules, core, stores, sounds, typingField],
  );
}

type Taker = Omit<WedgeParts, 'typingField'> & { readonly type: (text: string) => void };

/** What the page's own decoder made of a burst of keys. Of what it refuses nothing is left. */
export function takeWedgeEvent(event: WedgeEvent, { core, stores, sounds, type }: Taker): void {
  if (event.type === 'scan-error') return takeScan({ kind: 'bad-read' }, stores, sounds);
  if (event.type !== 'scan') return;
  const { kind, text, facts } = event.scan;
  if (kind === 'blocked-payment-card') return takeScan({ kind: 'payment-card' }, stores, sounds);
  if (kind === 'id-document') return takeScan({ kind }, stores, sounds);
  const { till } = stores.till.getState();
  const view = till.status === 'shown' ? till.view : null;
  // No till of a shop yet: a code that is scanned is the one-time code of its form.
  if (view?.enrolment === null) return type(text);
  const { issuer, reference, value, currency, expiry } = facts;
  const scan: Scanned = {
    text,
    kind,
    ...(kind === 'coupon' && { facts: { issuer, reference, value, currency, expiry } }),
  };
  if (view === null || view.session === null) {
    sounds.good();
    return keepScan({ kind: 'text', scan }, stores);
  }
  resolveWedgeScan(scan, { core, stores, sounds });
}
