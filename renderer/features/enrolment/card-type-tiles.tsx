import { Label } from 'react-aria-components/Label';
import { Radio, RadioGroup } from 'react-aria-components/RadioGroup';
import type { TillView } from '../../../electron/contract/till.ts';
import { useWords } from '../../lib/words.ts';
import inks from '../../ui/inks.module.css';
import { join } from '../../ui/join.ts';
import styles from './enrolment-page.module.css';

type CardType = TillView['cardTypes'][number];
const NONE = '';

export type CardTypeTilesProps = Readonly<{
  cardTypes: readonly CardType[];
  chosen: CardType['cardTypeId'] | null;
  onChoose: (cardTypeId: CardType['cardTypeId'] | null) => void;
}>;

/** The first card, or none for now. */
export function CardTypeTiles({ cardTypes, chosen, onChoose }: CardTypeTilesProps) {
  const { t, named } = useWords();
  return (
    <RadioGroup
      value={chosen ?? NONE}
      onChange={(id) => onChoose(cardTypes.find(({ cardTypeId }) => cardTypeId === id)?.cardTypeId ?? null)}
      orientation="horizontal"
    >
      <Label className={styles['legend'] ?? ''}>{t('enrol.cardType')}</Label>
      <div className={styles['tiles']}>
        {cardTypes
          .filter(({ isRetired }) => !isRetired)
          .map((type) => (
            <Radio
              key={type.cardTypeId}
              value={type.cardTypeId}
              className={join(styles['tile'], inks[type.colour])}
            >
              <span className={styles['tileName']}>{named(type.name, type.nameZh)}</span>
              <span className={styles['tileKind']}>{t(`kind.${type.kind}`)}</span>
            </Radio>
          ))}
        <Radio value={NONE} className={join(styles['tile'], inks['ink'])}>
          <span className={styles['tileName']}>{t('enrol.noCard')}</span>
          <span className={styles['tileKind']}>{t('enrol.noCardHint')}</span>
        </Radio>
      </div>
    </RadioGroup>
  );
}
