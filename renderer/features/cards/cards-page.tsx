import { useStore } from 'zustand';
import type { TillView } from '../../../electron/contract/till.ts';
import type { MemberId } from '../../../sync/base/ids.ts';
import { useWords } from '../../lib/words.ts';
import { Button } from '../../ui/button.tsx';
import { FailureNotice } from '../../ui/failure-notice.tsx';
import { Notice } from '../../ui/notice.tsx';
import { CardFilters } from './card-filters.tsx';
import { CardSheet } from './card-sheet.tsx';
import { CardTable } from './card-table.tsx';
import type { CardsStore } from './cards-store.ts';
import { chosenOf } from './cards-store.ts';
import { join } from '../../ui/join.ts';
import layout from '../../ui/list-and-detail.module.css';
import styles from './cards.module.css';

export type CardsPageProps = Readonly<{
  store: CardsStore;
  till: TillView;
  onOpenMember: (memberId: MemberId) => void;
  onClose: () => void;
  onPrint: () => void;
}>;

/** All cards of the chain: found, looked at, put right. */
export function CardsPage({ store, till, onOpenMember, onClose, onPrint }: CardsPageProps) {
  const { t, failure, formats } = useWords();
  const state = useStore(store);
  const { doing, total, rows, isReading, marks, next, turn } = state;
  const row = chosenOf(state);
  return (
    <div className={join(layout['page'], styles['page'])} data-testid="cards" data-reading={isReading}>
      <header className={layout['head']} data-screen-only>
        <div>
          <h1 className={layout['title']}>{t('rail.cards')}</h1>
          <p className={layout['soft']}>{t('cards.total', { count: total, text: formats.number(total) })}</p>
        </div>
        <Button hotkey="Esc" onPress={onClose}>
          {t('keys.back')}
        </Button>
      </header>
      <div data-screen-only className={layout['stack']}>
        <CardFilters store={store} till={till} />
        {doing.status === 'failed' && <FailureNotice words={failure(doing.failure)} />}
        {doing.status === 'done' && (
          <Notice tone="done" title={t(`cards.done.${doing.deed}`)} detail="" testId="card-done" />
        )}
      </div>
      <div className={layout['body']}>
        <div className={layout['stack']} data-screen-only>
          <CardTable store={store} />
          {rows.length === 0 && !isReading && <p className={layout['soft']}>{t('cards.none')}</p>}
          <div className={layout['deeds']}>
            <Button onPress={() => void turn('back')} isDisabled={marks.length < 2} testId="cards-back">
              {t('cards.back')}
            </Button>
            <Button onPress={() => void turn('next')} isDisabled={next === null} testId="cards-next">
              {t('cards.next')}
            </Button>
            <span className={layout['soft']}>{t('cards.page', { page: marks.length })}</span>
          </div>
        </div>
        {row !== null && <CardSheet key={row.card.cardId} {...{ store, till, row, onOpenMember, onPrint }} />}
      </div>
    </div>
  );
}
