import { useState } from 'react';
import { useStore } from 'zustand';
import { useWords } from '../../lib/words.ts';
import type { Attribute } from '../../parts/attribute-field.tsx';
import { Field } from '../../ui/field.tsx';
import { Select } from '../../ui/select.tsx';
import type { CardsStore } from './cards-store.ts';
import styles from './cards.module.css';
import {
  boundsIn,
  choiceIn,
  NO_VALUE,
  ownCondition,
  textIn,
  withBounds,
  withChoice,
  withText,
} from './own-conditions.ts';

/** What the chain keeps of each card (F40), each asked for as what it is. */
export function OwnFilters({ store }: Readonly<{ store: CardsStore }>) {
  const { t } = useWords();
  const attributes = useStore(store, (state) => state.attributes).filter(({ isRetired }) => !isRetired);
  if (attributes.length === 0) return null;
  return (
    <div className={styles['own']} role="group" aria-label={t('cards.own')} data-testid="card-own">
      {attributes.map((attribute) => (
        <OwnFilter key={attribute.attributeId} store={store} attribute={attribute} />
      ))}
    </div>
  );
}

function OwnFilter({ store, attribute }: Readonly<{ store: CardsStore; attribute: Attribute }>) {
  const { t, named } = useWords();
  const { filter, narrow } = useStore(store);
  const { attributeId, type, choices } = attribute;
  const label = named(attribute.name, attribute.nameZh);
  const name = `own-${attributeId}`;
  if (type === 'number' || type === 'day') return <Bounds {...{ store, attributeId, type, label, name }} />;
  const condition = ownCondition(filter.own, attributeId);
  if (type === 'choice' || type === 'yes-no') {
    const words =
      type === 'choice'
        ? choices.map((choice) => ({ value: choice, label: choice }))
        : (['yes', 'no'] as const).map((word) => ({ value: word, label: t(`attribute.${word}`) }));
    const all = [
      { value: '', label: t('cards.ownAny') },
      ...words,
      { value: NO_VALUE, label: t('attribute.none') },
    ];
    return (
      <Select
        {...{ label, name, options: all }}
        value={choiceIn(condition)}
        onChange={(value) => void narrow({ own: withChoice(filter.own, attributeId, value) })}
      />
    );
  }
  return <Words {...{ store, attributeId, label, name }} />;
}

const conditionOf = (store: CardsStore, attributeId: string) =>
  ownCondition(store.getState().filter.own, attributeId);

function Words({ store, attributeId, label, name }: Omit<BoundsProps, 'type'>) {
  // Closed and opened again, the form shows what holds.
  const [text, setText] = useState(() => textIn(conditionOf(store, attributeId)));
  const typed = (now: string): void => {
    setText(now);
    const { filter, narrow } = store.getState();
    void narrow({ own: withText(filter.own, attributeId, now) });
  };
  return <Field {...{ label, name }} value={text} onChange={typed} maxLength={120} />;
}

type BoundsProps = Readonly<{
  store: CardsStore;
  attributeId: string;
  type: 'number' | 'day';
  label: string;
  name: string;
}>;

function Bounds({ store, attributeId, type, label, name }: BoundsProps) {
  const { t } = useWords();
  const [texts, setTexts] = useState(() => boundsIn(type, conditionOf(store, attributeId)));
  const typed = (change: Partial<typeof texts>): void => {
    const now = { ...texts, ...change };
    setTexts(now);
    const { filter, narrow } = store.getState();
    const own = withBounds(filter.own, { attributeId, type }, now);
    if (own !== null) void narrow({ own });
  };
  return (['from', 'to'] as const).map((end) => (
    <Field
      key={end}
      label={t(`cards.ownBound.${end}`, { name: label })}
      name={`${name}-${end}`}
      value={texts[end]}
      onChange={(text) => typed({ [end]: text })}
      maxLength={20}
      {...(type === 'day' ? { type: 'date' } : { inputMode: 'decimal' })}
    />
  ));
}
