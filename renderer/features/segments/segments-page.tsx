import { useStore } from 'zustand';
import type { TillView } from '../../../electron/contract/till.ts';
import type { SegmentChoice } from '../../../electron/contract/segments.ts';
import type { MemberId } from '../../../sync/base/ids.ts';
import type { NameOf } from '../../lib/segment-words.ts';
import { useKeys } from '../../lib/keyboard.tsx';
import { useWords } from '../../lib/words.ts';
import { Button } from '../../ui/button.tsx';
import { FailureNotice } from '../../ui/failure-notice.tsx';
import { Labels } from './labels.tsx';
import type { LabelsStore } from './labels-store.ts';
import { nameKey } from './names.ts';
import { MemberTable } from './member-table.tsx';
import { RfmPanel } from './rfm-panel.tsx';
import { SegmentEditor } from './segment-editor.tsx';
import { SegmentList } from './segment-list.tsx';
import { ShownDeeds } from './shown-deeds.tsx';
import { SegmentSheet } from './segment-sheet.tsx';
import type { SegmentsStore } from './segments-store.ts';
import { join } from '../../ui/join.ts';
import layout from '../../ui/list-and-detail.module.css';
import styles from './segments.module.css';

export type SegmentsPageProps = Readonly<{
  store: SegmentsStore;
  labels: LabelsStore;
  till: TillView;
  onOpenMember: (memberId: MemberId) => void;
  /** The same people as a list of members: to sort, mark, export. */
  onList: (choice: SegmentChoice, name: string) => void;
  /** Null for who writes to nobody. */
  onWrite: ((segmentId: string) => void) | null;
  onClose: () => void;
}>;

/** A manager's screen: groups of members that make themselves, and the plot of recency and frequency. */
export function SegmentsPage(props: SegmentsPageProps) {
  const { store, labels, till, onOpenMember, onList, onWrite, onClose } = props;
  const { t, failure, named } = useWords();
  const state = useStore(store);
  const { view, failure: failed, shown, draft } = state;
  const nameOf: NameOf = (field, id) => {
    const type =
      field === 'cardTypes' ? till.cardTypes.find(({ cardTypeId }) => cardTypeId === id) : undefined;
    const known = type ?? state.names[nameKey(field, id)];
    return known === undefined ? id : named(known.name, known.nameZh);
  };
  const decimals = till.chain?.currencyDecimals ?? 2;
  useKeys('screen', draft === null ? {} : { Escape: { label: t('segments.cancel'), act: state.cancel } });
  return (
    <div className={join(layout['page'], styles['page'])} data-testid="segments">
      <header className={layout['head']}>
        <h1 className={layout['title']}>{t('segments.title')}</h1>
        <div className={layout['deeds']}>
          <Button look="primary" onPress={() => state.edit(null, decimals)} testId="segment-new">
            {t('segments.new')}
          </Button>
          <Button hotkey="Esc" onPress={draft === null ? onClose : state.cancel}>
            {t('keys.back')}
          </Button>
        </div>
      </header>
      {failed !== null && <FailureNotice words={failure(failed)} />}
      <div className={layout['body']}>
        <SegmentList store={store} />
        <div className={layout['stack']}>
          {view === 'plot' && <RfmPanel store={store} />}
          {view === 'segment' && <SegmentSheet {...{ store, nameOf, decimals }} />}
          {view === 'edit' && <SegmentEditor {...{ store, till, nameOf, decimals }} />}
          {shown !== null && view !== 'edit' && (
            <MemberTable
              shown={shown}
              onOpen={onOpenMember}
              onMore={() => void state.showMore()}
              deeds={<ShownDeeds {...{ store, decimals, onList, onWrite }} />}
            />
          )}
        </div>
      </div>
      {draft === null && (
        <Labels
          store={labels}
          till={till}
          segments={(state.all ?? []).map(({ segment }) => segment)}
          onEditRule={(rule, ownerId) => state.editRule(rule, ownerId, decimals)}
        />
      )}
    </div>
  );
}
