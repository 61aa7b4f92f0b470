import { useEffect, useMemo, useRef, type KeyboardEvent, type RefObject } from 'react';
import { useStore } from 'zustand';
import type { DirectoryRow, DirectorySetup } from '../../../electron/contract/directory.ts';
import type { MemberId } from '../../../sync/base/ids.ts';
import { useNow } from '../../lib/use-now.ts';
import { useWords } from '../../lib/words.ts';
import { join } from '../../ui/join.ts';
import { type CellScene, cellText, columnName, kindsIn, widthOf } from './columns.ts';
import { rowAt } from './directory-state.ts';
import type { DirectoryStore } from './directory-store.ts';
import styles from './directory.module.css';
import { useRowWindow } from './row-window.ts';

const ROW_PX = 44;
const MARK_PX = 48;
/** The heads are as tall as a row. */
const SIZES = { rowPx: ROW_PX, headPx: ROW_PX };
/** The row that was pressed: one listener for all of them, beside that of the keys. */
function placeOf(target: EventTarget): number | null {
  const row = target instanceof Element ? target.closest<HTMLElement>('[data-at]') : null;
  return row === null ? null : Number(row.dataset['at']);
}
const rowId = (at: number): string => `directory-row-${at}`;

export type GridProps = Readonly<{
  store: DirectoryStore;
  setup: DirectorySetup;
  gridRef: RefObject<HTMLDivElement | null>;
  onOpen: (memberId: MemberId) => void;
}>;

/** Heads that sort, and the rows in sight; one stop of the Tab key, arrows walk it. */
export function Grid({ store, setup, gridRef, onOpen }: GridProps) {
  const words = useWords();
  const state = useStore(store);
  const { layout, total, activeAt, turn, see } = state;
  const nowMs = useNow(60_000);
  const view = useRowWindow(gridRef, total, SIZES);
  const { first, end, show } = view;
  useEffect(() => see(first, end), [see, first, end]);
  // Where it was left: whoever comes back from a member finds her row.
  const last = useRef({ activeAt: 0, turn });
  useEffect(() => {
    if (last.current.activeAt !== activeAt || last.current.turn !== turn) show(activeAt);
    last.current = { activeAt, turn };
  }, [show, activeAt, turn]);
  const act = (event: KeyboardEvent): void => {
    if (event.target !== event.currentTarget) return;
    const row = rowAt(store.getState(), activeAt);
    const page = Math.max(1, view.rowsInSight - 1);
    const steps: Record<string, number> = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page };
    const step = steps[event.key];
    if (step !== undefined) store.getState().move(activeAt + step);
    else if (event.key === 'Home') store.getState().move(0);
    else if (event.key === 'End') store.getState().move(total - 1);
    else if (event.key === 'Enter' && row !== undefined) onOpen(row.memberId);
    else if (event.key === ' ' && row !== undefined) store.getState().mark(row.memberId);
    else return;
    event.preventDefault();
  };
  const template = [
    `${MARK_PX}px`,
    ...layout.columns.map((column) => `minmax(${widthOf(column)}px, 1fr)`),
  ].join(' ');
  const widthPx = layout.columns.reduce((sum, column) => sum + widthOf(column), MARK_PX);
  const scene = useMemo(() => ({ words, setup, kinds: kindsIn(setup), nowMs }), [words, setup, nowMs]);
  return (
    <div className={styles['frame']}>
      <div
        ref={gridRef}
        className={styles['grid']}
        role="grid"
        tabIndex={0}
        aria-label={words.t('rail.directory')}
        aria-rowcount={total + 1}
        aria-colcount={layout.columns.length + 1}
        aria-multiselectable
        {...(total > 0 && { 'aria-activedescendant': rowId(activeAt) })}
        data-testid="directory-grid"
        onKeyDown={act}
        onClick={(event) => {
          const at = placeOf(event.target);
          if (at !== null) store.getState().move(at);
        }}
        onDoubleClick={(event) => {
          const row = rowAt(store.getState(), placeOf(event.target) ?? -1);
          if (row !== undefined) onOpen(row.memberId);
        }}
      >
        <div style={{ height: view.scrollPx + ROW_PX, minWidth: widthPx }}>
          <div className={styles['sticky']}>
            <Heads store={store} setup={setup} template={template} />
            <div role="rowgroup" className={styles['rows']}>
              {Array.from({ length: end - first }, (_, step) => first + step).map((at) => (
                <Row
                  key={at}
                  at={at}
                  topPx={view.topOf(at)}
                  template={template}
                  store={store}
                  scene={scene}
                  onOpen={onOpen}
                />
              ))}
            </div>
          </div>
        </div>
      </div>
    </div>
  );
}

function Heads({
  store,
  setup,
  template,
}: Pick<GridProps, 'store' | 'setup'> & Readonly<{ template: string }>) {
  const words = useWords();
  const { columns, sort } = useStore(store, (state) => state.layout);
  const sortBy = (column: string): void => {
    const isUp = sort.column === column && sort.direction === 'up';
    store.getState().setLayout({ sort: { column, direction: isUp ? 'down' : 'up' } });
  };
  return (
    <div role="row" aria-rowindex={1} className={styles['heads']} style={{ gridTemplateColumns: template }}>
      <span role="columnheader" aria-label={words.t('directory.mark')} />
      {columns.map((column) => {
        const isSorted = sort.column === column;
        const direction = sort.direction === 'up' ? 'ascending' : 'descending';
        return (
          <div
            key={column}
            role="columnheader"
            aria-label={columnName(words, setup, column)}
            aria-sort={isSorted ? direction : 'none'}
          >
            <button
              type="button"
              className={styles['headButton']}
              onClick={() => sortBy(column)}
              data-testid={`head-${column}`}
            >
              <span>{columnName(words, setup, column)}</span>
              <span aria-hidden="true">{isSorted ? (sort.direction === 'up' ? '▲' : '▼') : ''}</span>
            </button>
          </div>
        );
      })}
    </div>
  );
}

type RowProps = Readonly<{
  at: number;
  topPx: number;
  template: string;
  store: DirectoryStore;
  scene: CellScene;
  onOpen: (memberId: MemberId) => void;
}>;

function Row({ at, topPx, template, store, scene, onOpen }: RowProps) {
  const row = useStore(store, (state) => rowAt(state, at));
  const isActive = useStore(store, (state) => state.activeAt === at);
  const isMarked = useStore(store, (state) => row !== undefined && state.selected.has(row.memberId));
  return (
    <div
      id={rowId(at)}
      role="row"
      aria-rowindex={at + 2}
      aria-selected={isMarked}
      className={join(styles['row'], isActive && styles['active'], isMarked && styles['markedRow'])}
      style={{ gridTemplateColumns: template, transform: `translateY(${topPx}px)` }}
      data-testid="directory-row"
      data-at={at}
    >
      {row === undefined ? (
        <Waiting columns={store.getState().layout.columns} label={scene.words.t('directory.coming')} />
      ) : (
        <Cells row={row} store={store} scene={scene} isMarked={isMarked} onOpen={onOpen} />
      )}
    </div>
  );
}

/** A row that is on its way: its place is kept. */
function Waiting({ columns, label }: Readonly<{ columns: readonly string[]; label: string }>) {
  return (
    <>
      <span role="gridcell" aria-label={label} />
      {columns.map((column) => (
        <span key={column} role="gridcell" aria-label={label} className={styles['cell']} />
      ))}
    </>
  );
}

type CellsProps = Pick<RowProps, 'store' | 'scene' | 'onOpen'> &
  Readonly<{ row: DirectoryRow; isMarked: boolean }>;

function Cells({ row, store, scene, isMarked, onOpen }: CellsProps) {
  const columns = useStore(store, (state) => state.layout.columns);
  const { t } = scene.words;
  return (
    <>
      <span role="gridcell">
        <button
          type="button"
          tabIndex={-1}
          className={styles['mark']}
          aria-label={t(isMarked ? 'directory.unmark' : 'directory.mark')}
          aria-pressed={isMarked}
          onClick={() => store.getState().mark(row.memberId)}
        >
          <span aria-hidden="true">{isMarked ? '✓' : ''}</span>
        </button>
      </span>
      {columns.map((column) => {
        const text = cellText(scene, column, row.cells[column]);
        return (
          <span key={column} role="gridcell" className={styles['cell']} title={text} data-column={column}>
            {column === 'name' ? (
              <button
                type="button"
                tabIndex={-1}
                className={styles['name']}
                onClick={() => onOpen(row.memberId)}
              >
                {text === '' ? t('directory.noName') : text}
              </button>
            ) : (
              text
            )}
          </span>
        );
      })}
    </>
  );
}
