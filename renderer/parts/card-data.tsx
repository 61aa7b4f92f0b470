import { useEffect, useRef } from 'react';
import type { CardView } from '../../electron/contract/views.ts';
import { useWords } from '../lib/words.ts';
import { Facts } from '../ui/facts.tsx';
import { Tick } from '../ui/tick.tsx';
import { AttributeField, type Attribute } from './attribute-field.tsx';
import { askedOf, changeOf, shownOf, type CardDataDraft } from './card-data-draft.ts';
import styles from './card-data.module.css';

type Kept = Pick<CardView, 'custom' | 'isInstalled'>;

/** A value as it is read: a day as people write it, yes and no as words. */
function useValueText(): (attribute: Attribute, value: string) => string {
  const { t, formats } = useWords();
  return ({ type }, value) => {
    if (type === 'day' && /^\d{4}-\d{2}-\d{2}$/.test(value)) return formats.day(value);
    return type === 'yes-no' && (value === 'yes' || value === 'no') ? t(`attribute.${value}`) : value;
  };
}

/** What the chain keeps of a card, a line each; nothing where nothing is kept. */
export function CardFacts({ card, attributes }: Readonly<{ card: Kept; attributes: readonly Attribute[] }>) {
  const { named } = useWords();
  const textOf = useValueText();
  const shown = shownOf(card, attributes);
  if (shown.length === 0) return null;
  return (
    <Facts
      rows={shown.map((each) => [
        named(each.name, each.nameZh),
        textOf(each, card.custom[each.attributeId] ?? ''),
      ])}
      className={styles['facts']}
      isSelectable
    />
  );
}

export type CardDataFieldsProps = Readonly<{
  card: Kept;
  draft: CardDataDraft;
  attributes: readonly Attribute[];
  /** Who is not, neither sets a sensitive value nor says that a card is off its phone. */
  isSupervisor: boolean;
  /** Somebody tried to save it: what can not be kept is marked from now on. */
  isSaying: boolean;
  onChange: (change: Partial<CardDataDraft>) => void;
}>;

/** Each attribute as what it is; whether the card is on a phone, which decides what closing it means. */
export function CardDataFields(props: CardDataFieldsProps) {
  const { card, draft, attributes, isSupervisor, isSaying, onChange } = props;
  const { t, named } = useWords();
  const root = useRef<HTMLDivElement>(null);
  useEffect(() => {
    root.current?.querySelector<HTMLElement>('input, select')?.focus();
  }, []);
  useEffect(() => {
    // What is wrong is gone to; once it is right, she stays where she is.
    if (isSaying) root.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [isSaying]);
  const { custom } = card;
  const { typed } = draft;
  const changed = changeOf(draft, card)?.custom ?? {};
  const asked = askedOf(card, attributes);
  return (
    <div ref={root} className={styles['fields']}>
      {asked.map((attribute) => {
        const { attributeId, isSensitive } = attribute;
        return isSensitive && !isSupervisor ? (
          <p key={attributeId} className={styles['guarded']}>
            {named(attribute.name, attribute.nameZh)}: <b>{custom[attributeId] ?? '–'}</b>
          </p>
        ) : (
          <AttributeField
            key={attributeId}
            attribute={attribute}
            value={typed[attributeId] ?? custom[attributeId] ?? ''}
            onChange={(value) => onChange({ typed: { ...typed, [attributeId]: value } })}
            isSaying={isSaying && changed[attributeId] !== undefined}
          />
        );
      })}
      <Tick
        isOn={draft.isInstalled ?? card.isInstalled}
        onChange={(isInstalled) => onChange({ isInstalled })}
        isReadOnly={card.isInstalled && !isSupervisor}
        hint={t('cards.installedHint')}
      >
        {t('cards.isInstalled')}
      </Tick>
      {asked.length === 0 && <p className={styles['guarded']}>{t('cards.noAttributes')}</p>}
    </div>
  );
}
