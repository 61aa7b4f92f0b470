import type { RefObject } from 'react';
import type { EntryView } from '../../../electron/contract/views.ts';
import type { Failure } from '../../lib/failure.ts';
import { useNow } from '../../lib/use-now.ts';
import { useWords } from '../../lib/words.ts';
import { Button } from '../../ui/button.tsx';
import { FailureNotice } from '../../ui/failure-notice.tsx';
import { VirtualList } from '../../ui/virtual-list.tsx';
import { HistoryRow } from './history-row.tsx';
import styles from './history.module.css';

const ROW_PX = 61;
const SECOND_MS = 1000;

export type HistoryProps = Readonly<{
  entries: readonly EntryView[];
  /** Reads what is before them; null: there is nothing. */
  onOlder: (() => void) | null;
  /** Why what is before them is not there, or not as it is now. */
  failure: Failure | null;
  /** An office has the entries of all stores. */
  hasAllStores: boolean;
  scrollRef: RefObject<HTMLElement | null>;
  pageRef: RefObject<HTMLElement | null>;
  /** The entry that can be taken back above, at what became of the press: one button for one act. */
  takenAbove: EntryView['opId'] | null;
  onUndo: (entry: EntryView) => void;
  onCounter: (entry: EntryView) => void;
  onEdit: (entry: EntryView) => void;
}>;

/** Every movement, newest first. */
export function History(props: HistoryProps) {
  const {
    entries,
    onOlder,
    failure,
    hasAllStores,
    scrollRef,
    pageRef,
    takenAbove,
    onUndo,
    onCounter,
    onEdit,
  } = props;
  const { t, failure: wordsOf } = useWords();
  const nowMs = useNow(SECOND_MS);
  return (
    <section className={styles['history']} aria-label={t('history.title')}>
      <h2 className={styles['heading']}>
        {t('history.title')}{' '}
        <span className={styles['scope']}>{t(hasAllStores ? 'history.allStores' : 'history.scope')}</span>
      </h2>
      {entries.length === 0 && <p className={styles['empty']}>{t('history.none')}</p>}
      <VirtualList
        role="list"
        label={t('history.title')}
        count={entries.length}
        rowPx={ROW_PX}
        keyOf={(at) => entries[at]?.opId ?? String(at)}
        scrollRef={scrollRef}
        movesWith={pageRef}
        row={(at) => {
          const entry = entries[at];
          const place = { at, count: entries.length };
          const isAbove = entry !== undefined && entry.opId === takenAbove;
          const row = { place, nowMs, isAbove, onUndo, onCounter, onEdit };
          return entry && <HistoryRow entry={entry} {...row} />;
        }}
      />
      {failure !== null && <FailureNotice words={wordsOf(failure)} />}
      {onOlder !== null && (
        <div className={styles['older']}>
          <Button onPress={onOlder} testId="history-older">
            {t('history.older')}
          </Button>
        </div>
      )}
    </section>
  );
}
