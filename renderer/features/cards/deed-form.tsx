import type { SubmitEvent } from 'react';
import { useStore } from 'zustand';
import type { CardListRow } from '../../../electron/contract/card-list.ts';
import type { TillView } from '../../../electron/contract/till.ts';
import { useWords } from '../../lib/words.ts';
import { CardDataFields } from '../../parts/card-data.tsx';
import { changeOf } from '../../parts/card-data-draft.ts';
import { Button } from '../../ui/button.tsx';
import { Choices } from '../../ui/choices.tsx';
import { Field } from '../../ui/field.tsx';
import type { DeedForm } from './card-deeds.ts';
import type { CardsStore } from './cards-store.ts';
import layout from '../../ui/list-and-detail.module.css';
import styles from './cards.module.css';

export type DeedFormProps = Readonly<{
  store: CardsStore;
  row: CardListRow;
  coupons: TillView['cardTypes'];
  form: DeedForm;
}>;

const isPickOf = (deed: DeedForm['deed']): boolean => deed === 'coupon' || deed === 'reward';

/** What goes along with a deed; says what it does before the press that does it. */
export function DeedFormView({ store, row, coupons, form }: DeedFormProps) {
  const { t, named } = useWords();
  const { doing, attributes, fill, cancel, submit } = useStore(store);
  const { deed } = form;
  const { card } = row;
  const isNothing =
    (isPickOf(deed) && form.picked === '') || (deed === 'data' && changeOf(form.data, card) === null);
  const act = (event: SubmitEvent): void => {
    event.preventDefault();
    void submit();
  };
  const rewards = card.rewards.filter(({ isAffordable }) => isAffordable);
  const options =
    deed === 'coupon'
      ? coupons.map(({ cardTypeId, name, nameZh }) => ({
          value: cardTypeId as string,
          label: named(name, nameZh),
        }))
      : rewards.map(({ rewardId, name, nameZh }) => ({ value: rewardId, label: named(name, nameZh) }));
  const isPick = isPickOf(deed);
  return (
    <form
      className={layout['panel']}
      onSubmit={act}
      noValidate
      aria-label={t(`cards.deed.${deed}`)}
      data-testid="card-form"
    >
      <h2 className={styles['name']}>{t(`cards.deed.${deed}`)}</h2>
      <p className={layout['soft']}>{t(`cards.does.${deed}`)}</p>
      {isPick && (
        <Choices
          label={t(deed === 'coupon' ? 'cards.which.coupon' : 'cards.which.reward')}
          value={form.picked}
          options={options}
          onChange={(picked) => fill({ picked })}
        />
      )}
      {deed === 'replace' && (
        <Field
          label={t('cardNumber.label')}
          value={form.cardNumber}
          onChange={(cardNumber) => fill({ cardNumber })}
          placeholder={t('cardNumber.next')}
          inputMode="numeric"
          maxLength={24}
          isFirst
        />
      )}
      {deed === 'data' && (
        <CardDataFields
          {...{ card, attributes, draft: form.data, isSaying: form.isSaying }}
          // A cashier's till has no such page.
          isSupervisor
          onChange={(change) => fill({ data: { ...form.data, ...change } })}
        />
      )}
      {deed === 'close' && card.isInstalled && <p>{t('cards.closeInstalled')}</p>}
      {!isPick && deed !== 'data' && (
        <Field
          label={t('panel.reason')}
          value={form.reason}
          onChange={(reason) => fill({ reason })}
          maxLength={200}
          isFirst={deed !== 'replace'}
        />
      )}
      <div className={layout['deeds']}>
        <Button
          look={deed === 'close' || deed === 'report-lost' ? 'danger' : 'primary'}
          onPress={() => void submit()}
          isDisabled={doing.status === 'busy' || isNothing}
          testId="card-do"
        >
          {deed === 'data' ? t('about.save') : t(`cards.deed.${deed}`)}
        </Button>
        <Button onPress={cancel}>{t('keys.cancel')}</Button>
      </div>
      <button type="submit" hidden aria-hidden="true" tabIndex={-1} />
    </form>
  );
}
