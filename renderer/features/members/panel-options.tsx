import type { ReactNode } from 'react';
import { Radio, RadioGroup } from 'react-aria-components/RadioGroup';
import type { TillView } from '../../../electron/contract/till.ts';
import type { CardView } from '../../../electron/contract/views.ts';
import { useWords } from '../../lib/words.ts';
import type { Panel, PanelText } from './panel.ts';
import styles from './panel-form.module.css';

export type PanelOptionsProps = Readonly<{
  panel: Panel;
  card: CardView | undefined;
  till: TillView;
  onType: (field: PanelText, text: string) => void;
}>;

/** What is chosen rather than typed: a reward, a card type, a pack. */
export function PanelOptions({ panel, card, till, onType }: PanelOptionsProps) {
  const { t, units, named } = useWords();
  if (panel.kind === 'redeem' && card) {
    return (
      <Options
        label={t('panel.redeem.title')}
        value={panel.rewardId}
        onChoose={(id) => onType('rewardId', id)}
      >
        {card.rewards.map((reward) => (
          <Option
            key={reward.rewardId}
            value={reward.rewardId}
            isFirst={reward.rewardId === panel.rewardId}
            isDisabled={!reward.isAffordable}
            name={named(reward.name, reward.nameZh)}
            detail={units(reward.cost, card.balance.unit)}
          />
        ))}
      </Options>
    );
  }
  if (panel.kind === 'issue') {
    return (
      <Options
        label={t('enrol.cardType')}
        value={panel.cardTypeId}
        onChoose={(id) => onType('cardTypeId', id)}
      >
        {till.cardTypes
          .filter(({ isRetired }) => !isRetired)
          .map((type) => (
            <Option
              key={type.cardTypeId}
              value={type.cardTypeId}
              isFirst={type.cardTypeId === panel.cardTypeId}
              name={named(type.name, type.nameZh)}
              detail={t(`kind.${type.kind}`)}
            />
          ))}
      </Options>
    );
  }
  if (panel.kind === 'add-visits' && card) {
    return (
      <Options label={t('panel.packs')} value={panel.amount} onChoose={(pack) => onType('amount', pack)}>
        {card.packs.map((pack) => (
          <Option
            key={pack}
            value={String(pack)}
            name={t('panel.pack', { units: units(pack, 'visits') })}
            detail=""
          />
        ))}
      </Options>
    );
  }
  return null;
}

type OptionsProps = Readonly<{
  label: string;
  value: string;
  onChoose: (value: string) => void;
  children: ReactNode;
}>;

function Options({ label, value, onChoose, children }: OptionsProps) {
  return (
    <RadioGroup className={styles['options'] ?? ''} aria-label={label} value={value} onChange={onChoose}>
      {children}
    </RadioGroup>
  );
}

type OptionProps = Readonly<{
  value: string;
  name: string;
  detail: string;
  isFirst?: boolean;
  isDisabled?: boolean;
}>;

function Option({ value, name, detail, isFirst = false, isDisabled = false }: OptionProps) {
  return (
    <Radio
      className={styles['option'] ?? ''}
      value={value}
      isDisabled={isDisabled}
      {...(isFirst && { autoFocus: true })}
    >
      <span>{name}</span>
      <span>{detail}</span>
    </Radio>
  );
}
