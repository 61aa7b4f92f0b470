import type { CardListRow } from '../../../electron/contract/card-list.ts';
import { useWords } from '../../lib/words.ts';
import { AttributeField, type Attribute } from '../../parts/attribute-field.tsx';
import { Facts } from '../../ui/facts.tsx';
import { Tick } from '../../ui/tick.tsx';
import type { DeedChange, DeedForm } from './card-deeds.ts';
import layout from '../../ui/list-and-detail.module.css';
import styles from './cards.module.css';

/** What the chain keeps of this card, and whether it is on a phone. */
export function CardData({
  row,
  attributes,
}: Readonly<{ row: CardListRow; attributes: readonly Attribute[] }>) {
  const { t, named, formats } = useWords();
  const { custom, isInstalled } = row.card;
  const shown = attributes.filter(({ attributeId }) => (custom[attributeId] ?? '') !== '');
  const textOf = ({ attributeId, type }: Attribute): string => {
    const value = custom[attributeId] ?? '';
    if (type === 'day') return formats.day(value);
    return type === 'yes-no' && (value === 'yes' || value === 'no') ? t(`attribute.${value}`) : value;
  };
  return (
    <div className={layout['stack']} data-testid="card-data">
      {isInstalled && <p data-testid="card-installed">{t('cards.installed')}</p>}
      {shown.length > 0 && (
        <Facts
          rows={shown.map((each) => [named(each.name, each.nameZh), textOf(each)] as const)}
          className={styles['data']}
          isSelectable
        />
      )}
    </div>
  );
}

export type DataFieldsProps = Readonly<{
  form: DeedForm;
  attributes: readonly Attribute[];
  onChange: (change: DeedChange) => void;
}>;

/** Each attribute as what it is; whether the card is on a phone, which decides what closing it means. */
export function DataFields({ form, attributes, onChange }: DataFieldsProps) {
  const { t } = useWords();
  const asked = attributes.filter(({ isRetired, attributeId }) => !isRetired || attributeId in form.values);
  return (
    <>
      {asked.map((attribute) => (
        <AttributeField
          key={attribute.attributeId}
          attribute={attribute}
          value={form.values[attribute.attributeId] ?? ''}
          onChange={(value) => onChange({ values: { ...form.values, [attribute.attributeId]: value } })}
        />
      ))}
      <Tick
        isOn={form.isInstalled}
        onChange={(isInstalled) => onChange({ isInstalled })}
        hint={t('cards.installedHint')}
      >
        {t('cards.isInstalled')}
      </Tick>
    </>
  );
}
