import { Button } from 'react-aria-components/Button';
import { useStore } from 'zustand';
import { useWords } from '../../lib/words.ts';
import { join } from '../../ui/join.ts';
import type { SegmentsStore } from './segments-store.ts';
import layout from '../../ui/list-and-detail.module.css';
import styles from './segments.module.css';

/** The plot, and each segment with how many are in it now. */
export function SegmentList({ store }: Readonly<{ store: SegmentsStore }>) {
  const { t, formats, named } = useWords();
  const { all, rfm, chosenId, view, showPlot, showSegment } = useStore(store);
  return (
    <nav className={styles['list']} aria-label={t('segments.title')}>
      <ul>
        <li>
          <Button
            className={join(layout['entry'], styles['entry'], view === 'plot' && styles['chosen'])}
            aria-current={view === 'plot'}
            onPress={showPlot}
            data-testid="segment-plot"
          >
            <span className={styles['entryName']}>{t('segments.plot')}</span>
            <span className={styles['count']}>
              {rfm === null ? '…' : formats.number(rfm.borders.members)}
            </span>
          </Button>
        </li>
        {(all ?? []).map(({ segment, members, isPending }) => (
          <li key={segment.segmentId}>
            <Button
              className={join(
                layout['entry'],
                styles['entry'],
                segment.segmentId === chosenId && styles['chosen'],
              )}
              aria-current={segment.segmentId === chosenId}
              onPress={() => void showSegment(segment.segmentId)}
              data-testid="segment-choice"
            >
              <span className={styles['entryName']}>{named(segment.name, segment.nameZh)}</span>
              <span className={styles['count']} data-testid="segment-count">
                {formats.number(members)}
              </span>
              {(segment.isTest || isPending) && (
                <span className={layout['soft']}>
                  {[segment.isTest && t('segments.isTest'), isPending && t('segments.isPending')]
                    .filter(Boolean)
                    .join(' · ')}
                </span>
              )}
            </Button>
          </li>
        ))}
      </ul>
      {all?.length === 0 && <p className={layout['soft']}>{t('segments.none')}</p>}
    </nav>
  );
}
