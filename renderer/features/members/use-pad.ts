import { useState } from 'react';
import type { CardView } from '../../../electron/contract/views.ts';
import type { Panel, PanelText } from './panel.ts';
import { worthIn } from './points-money.ts';

type Padded = 'amount' | 'money';

/** Which field the keypad types into: the one that was in last. What was worked out of the other is begun anew. */
export function usePad(
  panel: Panel,
  card: CardView | undefined,
  onType: (field: PanelText, text: string) => void,
) {
  const [last, setLast] = useState<Padded>('amount');
  const [isFirstSign, setFirstSign] = useState(false);
  const field = worthIn(panel.kind, card) === null ? 'amount' : last;
  return {
    field,
    value: isFirstSign ? '' : panel[field],
    typeIn: (into: PanelText, text: string): void => {
      setFirstSign(false);
      onType(into, text);
    },
    enter: (name: string | null): void => {
      const next = name === 'money' ? 'money' : 'amount';
      setFirstSign(next !== last && panel.kind === 'debit');
      setLast(next);
    },
  };
}
