import type { TillView } from '../../../electron/contract/till.ts';
import type { CardView } from '../../../electron/contract/views.ts';
import { useWords } from '../../lib/words.ts';
import { Field } from '../../ui/field.tsx';
import type { Panel, PanelText } from './panel.ts';
import { worthIn } from './points-money.ts';

export type PanelMoneyProps = Readonly<{
  panel: Panel;
  card: CardView | undefined;
  chain: TillView['chain'];
  onType: (field: PanelText, text: string) => void;
}>;

/** Points as the money that they are worth: typed here, or read beside the points. */
export function PanelMoney({ panel, card, chain, onType }: PanelMoneyProps) {
  const { t } = useWords();
  if (worthIn(panel.kind, card) === null) return null;
  return (
    <Field
      label={t('amount.worth', { currency: chain?.currency ?? '' })}
      hint={t('amount.worthHint')}
      value={panel.money}
      onChange={(text) => onType('money', text)}
      inputMode="decimal"
      size="figure"
      maxLength={12}
      name="money"
    />
  );
}
