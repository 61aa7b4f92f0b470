import { useState } from 'react';
import { ToggleButton } from 'react-aria-components/ToggleButton';
import { useStore } from 'zustand';
import type { TillView } from '../../../electron/contract/till.ts';
import { useWords } from '../../lib/words.ts';
import { Button } from '../../ui/button.tsx';
import { Field } from '../../ui/field.tsx';
import { OwnFilters } from './own-filters.tsx';
import type { CardsStore } from './cards-store.ts';
import { NO_FILTER } from './cards-store.ts';
import layout from '../../ui/list-and-detail.module.css';
import styles from './cards.module.css';

const STATUSES = ['active', 'expired', 'lost', 'closed', 'replaced'] as const;
const WHOLE = /^-?\d{1,10}$/;

/** A list with `one` in it, or out of it. */
function toggled<Item>(list: readonly Item[], one: Item): Item[] {
  return list.includes(one) ? list.filter((each) => each !== one) : [...list, one];
}

/** The bar on top and the conditions under it: each narrows the list at once. */
export function CardFilters({ store, till }: Readonly<{ store: CardsStore; till: TillView }>) {
  const { t, named } = useWords();
  const { text, filter, type, narrow, clear } = useStore(store);
  const [isOpen, setOpen] = useState(false);
  /** What was typed into the fields goes when all conditions go. */
  const [clears, setClears] = useState(0);
  const count = (Object.keys(filter) as (keyof typeof filter)[]).filter(
    (key) => JSON.stringify(filter[key]) !== JSON.stringify(NO_FILTER[key]),
  ).length;
  return (
    <search className={styles['filters']}>
      <div className={styles['bar']}>
        <Field
          label={t('cards.search')}
          value={text}
          onChange={(typed) => void type(typed)}
          placeholder={t('cards.searchHint')}
          maxLength={120}
          name="card-search"
        />
        <Button onPress={() => setOpen(!isOpen)} testId="card-conditions">
          {count === 0 ? t('cards.conditions') : t('cards.conditionsOn', { count })}
        </Button>
        {(count > 0 || text !== '') && (
          <Button
            look="quiet"
            onPress={() => {
              setClears(clears + 1);
              void clear();
            }}
            testId="card-clear"
          >
            {t('cards.clear')}
          </Button>
        )}
      </div>
      {isOpen && (
        <div className={layout['panel']}>
          <div className={styles['groups']}>
            <div role="group" aria-label={t('cards.column.status')} className={styles['chips']}>
              {STATUSES.map((status) => (
                <ToggleButton
                  key={status}
                  className={styles['chip'] ?? ''}
                  isSelected={filter.statuses.includes(status)}
                  onChange={() => void narrow({ statuses: toggled(filter.statuses, status) })}
                >
                  {t(`cardStatus.${status}`)}
                </ToggleButton>
              ))}
            </div>
            <div role="group" aria-label={t('cards.onPhone')} className={styles['chips']}>
              {([true, false] as const).map((isOn) => (
                <ToggleButton
                  key={String(isOn)}
                  className={styles['chip'] ?? ''}
                  isSelected={filter.isInstalled === isOn}
                  onChange={(isAsked) => void narrow({ isInstalled: isAsked ? isOn : null })}
                >
                  {t(isOn ? 'cards.isInstalled' : 'cards.notInstalled')}
                </ToggleButton>
              ))}
            </div>
          </div>
          <div role="group" aria-label={t('cards.column.type')} className={styles['chips']}>
            {till.cardTypes.map((cardType) => (
              <ToggleButton
                key={cardType.cardTypeId}
                className={styles['chip'] ?? ''}
                isSelected={filter.cardTypeIds.includes(cardType.cardTypeId)}
                onChange={() =>
                  void narrow({ cardTypeIds: toggled(filter.cardTypeIds, cardType.cardTypeId) })
                }
              >
                {named(cardType.name, cardType.nameZh)}
              </ToggleButton>
            ))}
          </div>
          <div className={styles['ranges']}>
            <Ranges key={`ranges-${clears}`} store={store} />
            <OwnFilters key={`own-${clears}`} store={store} />
          </div>
        </div>
      )}
    </search>
  );
}

/** Balances and days, each from and to. */
function Ranges({ store }: Readonly<{ store: CardsStore }>) {
  const { t } = useWords();
  const { filter, narrow } = useStore(store);
  const [texts, setTexts] = useState({
    balanceFrom: String(filter.balanceFrom ?? ''),
    balanceTo: String(filter.balanceTo ?? ''),
  });
  const typeBalance = (key: keyof typeof texts, typed: string): void => {
    setTexts({ ...texts, [key]: typed });
    if (typed === '' || WHOLE.test(typed)) void narrow({ [key]: typed === '' ? null : Number(typed) });
  };
  return (
    <>
      {(['balanceFrom', 'balanceTo'] as const).map((key) => (
        <Field
          key={key}
          label={t(`cards.range.${key}`)}
          value={texts[key]}
          onChange={(typed) => typeBalance(key, typed)}
          inputMode="numeric"
          maxLength={11}
        />
      ))}
      {(['issuedFrom', 'issuedTo', 'expiresFrom', 'expiresTo'] as const).map((key) => (
        <Field
          key={key}
          label={t(`cards.range.${key}`)}
          value={filter[key] ?? ''}
          onChange={(day) => void narrow({ [key]: day === '' ? null : day })}
          type="date"
        />
      ))}
    </>
  );
}
