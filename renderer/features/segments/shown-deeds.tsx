import { useStore } from 'zustand';
import { useWords, type Words } from '../../lib/words.ts';
import { Button } from '../../ui/button.tsx';
import { rulesOf } from './draft.ts';
import type { SegmentsPageProps } from './segments-page.tsx';
import type { SegmentsState } from './segments-state.ts';
import type { SegmentsStore } from './segments-store.ts';

/** What the people that are shown are called: a segment, a part of the plot, a square of it. */
function nameOfShown({ t, named }: Words, { shown, all }: Pick<SegmentsState, 'shown' | 'all'>): string {
  const choice = shown?.choice;
  switch (choice?.kind) {
    case undefined:
      return '';
    case 'segment': {
      const segment = all?.find((each) => each.segment.segmentId === choice.segmentId)?.segment;
      return segment === undefined ? '' : named(segment.name, segment.nameZh);
    }
    case 'cell': {
      const [recency, frequency] = [
        t(`segments.recency.${choice.recency}`, { defaultValue: '' }),
        t(`segments.frequency.${choice.frequency}`, { defaultValue: '' }),
      ];
      return t('segments.square', { recency, frequency });
    }
    case 'rules': {
      const [first] = choice.rules.conditions;
      const [value = ''] = first !== undefined && 'values' in first ? first.values : [];
      return t(`segments.value.rfm.${value}`, { defaultValue: value });
    }
  }
}

type DeedsProps = Pick<SegmentsPageProps, 'onList' | 'onWrite'> &
  Readonly<{ store: SegmentsStore; decimals: number }>;

/** The people of a number as a list, as whom a message goes to, or kept under a name. */
export function ShownDeeds({ store, decimals, onList, onWrite }: DeedsProps) {
  const words = useWords();
  const { t } = words;
  const state = useStore(store);
  const choice = state.shown?.choice;
  if (choice === undefined) return null;
  const name = nameOfShown(words, state);
  return (
    <>
      <Button onPress={() => onList(choice, name)} testId="segment-list">
        {t('segments.inList')}
      </Button>
      {choice.kind === 'segment' && onWrite !== null && (
        <Button onPress={() => onWrite(choice.segmentId)} testId="segment-write">
          {t('segments.write')}
        </Button>
      )}
      {choice.kind !== 'segment' && (
        <Button onPress={() => state.keepAs(rulesOf(choice), name, decimals)} testId="segment-keep">
          {t('segments.keepAs')}
        </Button>
      )}
    </>
  );
}
