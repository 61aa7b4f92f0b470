import { useStore } from 'zustand';
import type { ShopDay } from '../../../electron/contract/shop-day.ts';
import { addDays } from '../../../sync/base/business-day.ts';
import { useWords } from '../../lib/words.ts';
import { PaperDeeds, PdfNotice } from '../../parts/paper.tsx';
import { Button } from '../../ui/button.tsx';
import { FailureNotice } from '../../ui/failure-notice.tsx';
import { Select } from '../../ui/select.tsx';
import { join } from '../../ui/join.ts';
import layout from '../../ui/list-and-detail.module.css';
import { Figures } from './figures.tsx';
import { LostTill } from './lost-till.tsx';
import type { ShopDayStore } from './shop-day-store.ts';
import styles from './shop-day.module.css';
import { Tills } from './tills.tsx';

export type ShopDayPageProps = Readonly<{
  store: ShopDayStore;
  chainName: string;
  /** She may give up a till that does not come back. */
  isManager: boolean;
  onClose: () => void;
  onPrint: () => void;
}>;

/** A supervisor's and manager's page: a shop's day over all of its tills, and what of it is still missing. */
export function ShopDayPage({ store, chainName, isManager, onClose, onPrint }: ShopDayPageProps) {
  const { t, named, failure: inWords } = useWords();
  const { shown, failure, losing, pdf, canSavePdf, savePdf, startLosing } = useStore(store);
  return (
    <div className={join(layout['page'], styles['page'])} data-testid="shop-day">
      <header className={layout['head']} data-screen-only>
        <h1 className={layout['title']}>{t('shopDay.title')}</h1>
        <div className={layout['deeds']}>
          {shown && (
            <PaperDeeds pdf={pdf} onPrint={onPrint} onSavePdf={canSavePdf ? () => void savePdf() : null} />
          )}
          <Button hotkey="Esc" onPress={onClose}>
            {t('keys.back')}
          </Button>
        </div>
      </header>
      {failure !== null && <FailureNotice words={inWords(failure)} />}
      <PdfNotice pdf={pdf} />
      {shown && <Chooser store={store} shown={shown} />}
      {shown && (
        <article className={layout['sheet']} data-testid="shop-day-sheet">
          <p className={layout['soft']}>
            {chainName} · {named(shown.store.name, shown.store.nameZh)}
          </p>
          <DayName shown={shown} />
          <Tills shown={shown} onLost={isManager ? startLosing : null} />
          <Figures shown={shown} />
        </article>
      )}
      {losing !== null && <LostTill store={store} losing={losing} />}
    </div>
  );
}

function DayName({ shown }: Readonly<{ shown: ShopDay }>) {
  const { formats } = useWords();
  return <h2 className={styles['date']}>{formats.day(shown.businessDay)}</h2>;
}

/** Which day, and in an office which shop. */
function Chooser({ store, shown }: Readonly<{ store: ShopDayStore; shown: ShopDay }>) {
  const { t, named } = useWords();
  const { show, choose } = useStore(store);
  const { businessDay, today, stores } = shown;
  return (
    <div className={styles['chooser']} data-screen-only>
      {stores.length > 1 && (
        <Select
          label={t('shopDay.shop')}
          name="shop"
          value={shown.store.id}
          options={stores.map(({ id, name, nameZh }) => ({ value: id, label: named(name, nameZh) }))}
          onChange={(id) => void choose(id)}
        />
      )}
      <Button onPress={() => void show(addDays(businessDay, -1))} testId="day-before">
        {t('shopDay.before')}
      </Button>
      <Button
        onPress={() => void show(addDays(businessDay, 1))}
        isDisabled={businessDay >= today}
        testId="day-after"
      >
        {t('shopDay.after')}
      </Button>
      {businessDay !== today && (
        <Button onPress={() => void show(today)} testId="day-today">
          {t('shopDay.today')}
        </Button>
      )}
    </div>
  );
}
