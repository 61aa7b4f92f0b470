import { useRef } from 'react';
import { Pressable } from 'react-aria-components/Pressable';
import { useStore } from 'zustand';
import type { MemberHit } from '../../../electron/contract/views.ts';
import { FailureNotice } from '../../ui/failure-notice.tsx';
import { useWords } from '../../lib/words.ts';
import { VirtualList } from '../../ui/virtual-list.tsx';
import { HitFace } from './hit-row.tsx';
import { NoResults } from './no-results.tsx';
import { RESULT_LIST_ID, resultId } from './result-ids.ts';
import styles from './result-list.module.css';
import { hitsOf } from './lookup.ts';
import type { SearchStore } from './search-store.ts';

const ROW_PX = 80;

export type ResultListProps = Readonly<{ store: SearchStore; onEnrol: (text: string) => void }>;

/** What the box found, or whom a scan may mean. The active line is what Enter takes; the focus stays in the box. */
export function ResultList({ store, onEnrol }: ResultListProps) {
  const { t, failure } = useWords();
  const { lookup, take } = useStore(store);
  const hits = hitsOf(lookup);
  return (
    <section className={styles['results']} aria-label={t('results.label')} data-testid="results">
      {lookup.status === 'failed' && <FailureNotice words={failure(lookup.failure)} />}
      {lookup.status === 'choice' && (
        <p className={styles['head']}>{t('results.choice', { count: hits.length })}</p>
      )}
      {lookup.status === 'found' && hits.length > 0 && (
        <p className={styles['head']} role="status">
          {t(lookup.found.hasMore ? 'results.more' : 'results.count', { count: hits.length })}
        </p>
      )}
      {lookup.status === 'found' && lookup.found.incomplete !== undefined && hits.length > 0 && (
        <p className={styles['head']}>{t(`results.${lookup.found.incomplete}`)}</p>
      )}
      {lookup.status === 'found' && hits.length === 0 && (
        <NoResults
          text={lookup.text}
          found={lookup.found}
          centre={lookup.centre}
          onEnrol={onEnrol}
          onAsk={take}
        />
      )}
      {hits.length > 0 && <Hits store={store} />}
    </section>
  );
}

function Hits({ store }: Readonly<{ store: SearchStore }>) {
  const { t } = useWords();
  const { lookup, activeAt, pick } = useStore(store);
  const hits = hitsOf(lookup);
  const scroll = useRef<HTMLDivElement>(null);
  return (
    <div ref={scroll} className={styles['scroll']}>
      <VirtualList
        id={RESULT_LIST_ID}
        role="listbox"
        label={t('results.label')}
        count={hits.length}
        rowPx={ROW_PX}
        keyOf={(at) => hits[at]?.memberId ?? String(at)}
        scrollRef={scroll}
        activeAt={activeAt}
        row={(at) => {
          const hit = hits[at];
          return (
            hit && (
              <HitOption hit={hit} at={at} count={hits.length} isActive={at === activeAt} onPick={pick} />
            )
          );
        }}
      />
    </div>
  );
}

type HitOptionProps = Readonly<{
  hit: MemberHit;
  at: number;
  count: number;
  isActive: boolean;
  onPick: (hit: MemberHit) => void;
}>;

/** Keys reach it through the box, which points here by `aria-activedescendant`; a pointer presses it. */
function HitOption({ hit, at, count, isActive, onPick }: HitOptionProps) {
  return (
    <Pressable preventFocusOnPress onPress={() => onPick(hit)}>
      <div
        id={resultId(hit)}
        className={styles['hit']}
        role="option"
        tabIndex={-1}
        aria-selected={isActive}
        aria-setsize={count}
        aria-posinset={at + 1}
      >
        <HitFace hit={hit} />
      </div>
    </Pressable>
  );
}
