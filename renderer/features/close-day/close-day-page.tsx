import { useStore } from 'zustand';
import { useWords } from '../../lib/words.ts';
import { PaperDeeds, PdfNotice } from '../../parts/paper.tsx';
import { Button } from '../../ui/button.tsx';
import { FailureNotice } from '../../ui/failure-notice.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Certificate } from './certificate.tsx';
import type { CloseDayStore } from './close-day-store.ts';
import { join } from '../../ui/join.ts';
import layout from '../../ui/list-and-detail.module.css';
import styles from './close-day.module.css';
import { DayList } from './day-list.tsx';
import { Report } from './report.tsx';

export type CloseDayPageProps = Readonly<{
  store: CloseDayStore;
  chainName: string;
  /** Store and till, as they stand in the bar. */
  place: string;
  onClose: () => void;
  onPrint: () => void;
}>;

/** A supervisor's and manager's screen: what the till did on a day, what is outstanding, and the centre's word. */
export function CloseDayPage({ store, chainName, place, onClose, onPrint }: CloseDayPageProps) {
  const { t, failure } = useWords();
  const { days, close, report, closing, pdf, canSavePdf, savePdf, show, ask } = useStore(store);
  const isClosable = close?.isClosable === true;
  return (
    <div className={join(layout['page'], styles['page'])} data-testid="close-day">
      <header className={layout['head']} data-screen-only>
        <h1 className={layout['title']}>{t('close.title')}</h1>
        <div className={layout['deeds']}>
          {close && (
            <PaperDeeds pdf={pdf} onPrint={onPrint} onSavePdf={canSavePdf ? () => void savePdf() : null} />
          )}
          {isClosable && closing.status !== 'asking' && (
            <Button look="primary" onPress={ask} isDisabled={closing.status === 'busy'} testId="close-now">
              {t('close.close')}
            </Button>
          )}
          <Button hotkey="Esc" onPress={onClose}>
            {t('keys.back')}
          </Button>
        </div>
      </header>
      {closing.status === 'failed' && <FailureNotice words={failure(closing.failure)} />}
      <PdfNotice pdf={pdf} />
      {closing.status === 'asking' && isClosable && <Question store={store} />}
      <div className={layout['body']}>
        <DayList days={days} chosen={close?.businessDay ?? null} onChoose={(day) => void show(day)} />
        {close && (
          <div className={layout['stack']}>
            <Certificate close={close} chainName={chainName} place={place} />
            {report !== null && report.businessDay === close.businessDay && <Report report={report} />}
          </div>
        )}
      </div>
    </div>
  );
}

/** Asked once; says what can not be undone. */
function Question({ store }: Readonly<{ store: CloseDayStore }>) {
  const { t, formats } = useWords();
  const { close, closeDay, cancel } = useStore(store);
  if (close === null) return null;
  const day = formats.day(close.businessDay);
  return (
    <Notice
      tone="plain"
      icon="lock"
      title={t('close.ask', { day })}
      detail={t('close.askDetail')}
      testId="close-ask"
    >
      <Button onPress={cancel}>{t('close.notYet')}</Button>
      <Button look="primary" onPress={() => void closeDay()} testId="close-yes">
        {t('close.yes')}
      </Button>
    </Notice>
  );
}
