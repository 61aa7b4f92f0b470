import { useStore } from 'zustand';
import { useWords } from '../../lib/words.ts';
import { Button } from '../../ui/button.tsx';
import { Field } from '../../ui/field.tsx';
import layout from '../../ui/list-and-detail.module.css';
import { Select } from '../../ui/select.tsx';
import { Tick } from '../../ui/tick.tsx';
import styles from './chain.module.css';
import type { ShopDraft } from './drafts.ts';
import { ChainForm, useProblem, type PartProps } from './form.tsx';
import { Lines } from './lines.tsx';

/** As far into the next day as the document takes. */
const CUT_OFF_HOURS = Array.from({ length: 13 }, (_, hour) => String(hour));
const clock = (hour: string | number): string => `${String(hour).padStart(2, '0')}:00`;

/** The chain's shops. */
export function ShopsPart({ store, till }: PartProps) {
  const { t, named } = useWords();
  const { shops, unsent, draft, choose } = useStore(store);
  const lines = shops.map(({ storeId, name, nameZh = '', timeZone, cutOffHour, isRetired }) => ({
    id: storeId,
    title: named(name, nameZh),
    detail: [
      timeZone.replaceAll('_', ' '),
      clock(cutOffHour),
      ...(storeId === till.enrolment?.storeId && till.screen === 'till' ? [t('chain.shops.here')] : []),
    ].join(' · '),
    ended: isRetired === true ? t('chain.shops.closed') : '',
    unsent: unsent.has(storeId) ? t('chain.notSent') : '',
  }));
  return (
    <div className={layout['body']}>
      <Lines
        label={t('chain.shops.list')}
        lines={lines}
        chosenId={draft?.id}
        onChoose={choose}
        testId="chain-shop"
      >
        <Button look="primary" onPress={() => choose(null)} testId="shop-add">
          {t('chain.shops.add')}
        </Button>
      </Lines>
      {draft?.part === 'shops' ? (
        <ShopForm store={store} draft={draft} key={draft.id} />
      ) : (
        <p className={layout['panel']}>{t('chain.shops.choose')}</p>
      )}
    </div>
  );
}

function ShopForm({ store, draft }: Pick<PartProps, 'store'> & Readonly<{ draft: ShopDraft }>) {
  const { t } = useWords();
  const { type, turn } = useStore(store);
  const problem = useProblem(store);
  const { texts, known, id, isOn } = draft;
  // One that this platform does not list may be known under that name all the same.
  const zones = [...new Set([texts.timeZone, 'UTC', ...Intl.supportedValuesOf('timeZone')])].toSorted();
  return (
    <ChainForm store={store} title={known?.name ?? t('chain.shops.new')}>
      <div className={styles['pair']}>
        <Field
          {...{ label: t('chain.shops.name'), value: texts.name, name: 'shop-name', maxLength: 60 }}
          onChange={(text) => type('name', text)}
          error={problem('name')}
          isRequired
          isFirst={known === null}
        />
        <Field
          {...{ label: t('chain.shops.nameZh'), value: texts.nameZh, name: 'shop-name-zh', maxLength: 60 }}
          onChange={(text) => type('nameZh', text)}
          error={problem('nameZh')}
        />
      </div>
      <div className={styles['pair']}>
        <Select
          {...{ label: t('chain.shops.timeZone'), value: texts.timeZone, name: 'shop-zone' }}
          options={zones.map((zone) => ({ value: zone, label: zone.replaceAll('_', ' ') }))}
          onChange={(text) => type('timeZone', text)}
          error={problem('timeZone')}
        />
        <div className={styles['told']}>
          <Select
            {...{ label: t('chain.shops.cutOffHour'), value: texts.cutOffHour, name: 'shop-cut-off' }}
            options={CUT_OFF_HOURS.map((hour) => ({ value: hour, label: clock(hour) }))}
            onChange={(text) => type('cutOffHour', text)}
          />
          <p className={layout['soft']}>{t('chain.shops.cutOffHint')}</p>
        </div>
      </div>
      {known !== null && (
        <>
          <p className={layout['soft']}>
            {t('chain.shops.code')}: <b data-selectable>{id}</b>. {t('chain.shops.codeHint')}
          </p>
          <Tick isOn={isOn} onChange={turn} hint={t('chain.shops.isRetiredHint')}>
            {t('chain.shops.isRetired')}
          </Tick>
        </>
      )}
    </ChainForm>
  );
}
