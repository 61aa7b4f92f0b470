import { useEffect, useRef, useState } from 'react';
import { useStore } from 'zustand';
import type { MemberId } from '../../../sync/base/ids.ts';
import { useKeys } from '../../lib/keyboard.tsx';
import { useWords } from '../../lib/words.ts';
import { Button } from '../../ui/button.tsx';
import { FailureNotice } from '../../ui/failure-notice.tsx';
import { ColumnChooser } from './column-chooser.tsx';
import { CouponPanel, couponsOf, type CardTypes } from './coupon-panel.tsx';
import type { CouponStore } from './coupon-store.ts';
import { memberAt, type RowMember } from './directory-state.ts';
import type { DirectoryStore } from './directory-store.ts';
import styles from './directory.module.css';
import type { ExportLogStore } from './export-log-store.ts';
import type { ExportStore } from './export-store.ts';
import { ExportPanel } from './export-panel.tsx';
import { FilterPanel } from './filter-panel.tsx';
import type { SavedFilterStore } from './saved-filter-store.ts';
import { Grid } from './grid.tsx';
import { ListBar } from './list-bar.tsx';
import type { OwnColumnStore } from './own-column-store.ts';
import { Tiles } from './tiles.tsx';

export type DirectoryPageProps = Readonly<{
  store: DirectoryStore;
  exporting: ExportStore;
  exportLog: ExportLogStore;
  filters: SavedFilterStore;
  coupons: CouponStore;
  columns: OwnColumnStore;
  cardTypes: CardTypes;
  onOpen: (memberId: MemberId) => void;
  /** Null for who writes to nobody. */
  onMessage: ((member: RowMember) => void) | null;
}>;

type Panel = 'none' | 'filter' | 'columns' | 'export' | 'coupon';

/** All members of the chain: find, sort, filter, mark, export; Enter opens one. */
export function DirectoryPage(props: DirectoryPageProps) {
  const { store, exporting, exportLog, filters, coupons, columns, cardTypes, onOpen, onMessage } = props;
  const words = useWords();
  const { t } = words;
  const { setup, failure, choice } = useStore(store);
  const [panel, setPanel] = useState<Panel>('none');
  const search = useRef<HTMLInputElement>(null);
  const grid = useRef<HTMLDivElement>(null);
  const types = couponsOf(cardTypes);
  const toggle = (wanted: Panel): void => setPanel(panel === wanted ? 'none' : wanted);
  const toggleCoupon = (): void => {
    const member = memberAt(store.getState());
    // A row that is on its way is nobody yet.
    if (panel !== 'coupon' && member === null) return;
    if (panel !== 'coupon' && member !== null) coupons.getState().openFor(member);
    toggle('coupon');
  };
  const close = (): void => {
    if (panel === 'export') exporting.getState().drop();
    setPanel('none');
    grid.current?.focus();
  };
  useKeys('screen', {
    F3: { label: t('directory.filter'), act: () => toggle('filter') },
    F4: { label: t('directory.columns'), act: () => toggle('columns') },
    ...(setup?.isManager === true && {
      F8: { label: t('directory.export'), act: () => toggle('export') },
    }),
    ...(types.length > 0 && {
      F6: { label: t('directory.coupon.open'), act: toggleCoupon },
    }),
    'Ctrl+F': { label: t('directory.search'), act: () => search.current?.focus() },
    ...(panel !== 'none' && { Escape: { label: t('keys.back'), act: close } }),
  });
  const isThere = setup !== null;
  useEffect(() => {
    if (isThere) grid.current?.focus();
  }, [isThere]);
  if (setup === null) return failure === null ? null : <FailureNotice words={words.failure(failure)} />;
  return (
    <div className={styles['page']} data-testid="directory">
      <header className={styles['head']}>
        <h1 className={styles['title']}>{t('rail.directory')}</h1>
        <input
          ref={search}
          className={styles['search']}
          type="search"
          name="directory.search"
          aria-label={t('directory.search')}
          placeholder={t('directory.searchHint')}
          value={choice.search}
          maxLength={120}
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => store.getState().choose({ search: event.target.value })}
          onKeyDown={(event) => {
            if (event.key === 'ArrowDown' || event.key === 'Enter') grid.current?.focus();
          }}
        />
        <div className={styles['deeds']}>
          <Button hotkey="F3" onPress={() => toggle('filter')} testId="directory-filter">
            {t('directory.filter')}
          </Button>
          <Button hotkey="F4" onPress={() => toggle('columns')} testId="directory-columns">
            {t('directory.columns')}
          </Button>
          {setup.isManager && (
            <Button hotkey="F8" onPress={() => toggle('export')} testId="directory-export">
              {t('directory.export')}
            </Button>
          )}
        </div>
      </header>
      <Tiles store={store} />
      {failure !== null && <FailureNotice words={words.failure(failure)} />}
      {panel === 'filter' && <FilterPanel store={store} filters={filters} setup={setup} onClose={close} />}
      {panel === 'columns' && <ColumnChooser {...{ store, columns, setup }} onClose={close} />}
      {panel === 'coupon' && <CouponPanel {...{ coupons, types }} onClose={close} />}
      {panel === 'export' && (
        <ExportPanel store={store} exporting={exporting} log={exportLog} onClose={close} />
      )}
      <ListBar store={store} onCoupon={types.length > 0 ? toggleCoupon : null} onMessage={onMessage} />
      <Grid store={store} setup={setup} gridRef={grid} onOpen={onOpen} />
    </div>
  );
}
