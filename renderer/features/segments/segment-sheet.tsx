import { useState } from 'react';
import { useStore } from 'zustand';
import { conditionText, type NameOf } from '../../lib/segment-words.ts';
import { useWords } from '../../lib/words.ts';
import { Button } from '../../ui/button.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Pill } from '../../ui/pill.tsx';
import type { SegmentsStore } from './segments-store.ts';
import layout from '../../ui/list-and-detail.module.css';
import styles from './segments.module.css';

export type SegmentSheetProps = Readonly<{ store: SegmentsStore; nameOf: NameOf; decimals: number }>;

/** One segment: its rules in words, how many are in it, and what can be done with it. */
export function SegmentSheet({ store, nameOf, decimals }: SegmentSheetProps) {
  const words = useWords();
  const { t, formats, named } = words;
  const { all, chosenId, edit, retire } = useStore(store);
  const [isAsking, setAsking] = useState(false);
  const found = all?.find(({ segment }) => segment.segmentId === chosenId);
  if (found === undefined) return null;
  const { segment, members } = found;
  const { shareFrom, shareTo } = segment;
  return (
    <section className={layout['sheet']} aria-label={named(segment.name, segment.nameZh)}>
      <div className={layout['head']}>
        <div>
          <h2 className={styles['name']}>{named(segment.name, segment.nameZh)}</h2>
          <p className={styles['figure']} data-testid="segment-total">
            {t('segments.people', { count: members, text: formats.number(members) })}
          </p>
        </div>
        <div className={layout['deeds']}>
          <Button onPress={() => edit(segment, decimals)} testId="segment-edit">
            {t('segments.edit')}
          </Button>
          <Button look="quiet" onPress={() => setAsking(true)}>
            {t('segments.retire')}
          </Button>
        </div>
      </div>
      {isAsking && (
        <Notice tone="plain" title={t('segments.retireAsk')} detail={t('segments.retireDetail')}>
          <Button onPress={() => setAsking(false)}>{t('segments.keep')}</Button>
          <Button look="danger" onPress={() => void retire(segment)}>
            {t('segments.retireYes')}
          </Button>
        </Notice>
      )}
      {segment.isTest && <Pill tone="wait">{t('segments.isTest')}</Pill>}
      <p className={layout['soft']}>{t(`segments.match.${segment.match}`)}</p>
      <ul className={styles['rules']}>
        {segment.conditions.map((condition, at) => (
          // Conditions have no names; their order is fixed here.
          <li key={`${condition.field} ${at}`}>{conditionText(words, condition, nameOf)}</li>
        ))}
        {(shareFrom > 0 || shareTo < 100) && (
          <li>{t(shareFrom > 0 ? 'segments.shareB' : 'segments.shareA')}</li>
        )}
      </ul>
    </section>
  );
}
