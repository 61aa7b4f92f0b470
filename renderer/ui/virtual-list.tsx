import { useVirtualizer } from '@tanstack/react-virtual';
import {
  useEffect,
  useLayoutEffect,
  useReducer,
  useRef,
  useState,
  type ReactNode,
  type RefObject,
} from 'react';
import styles from './virtual-list.module.css';

const ROWS_BEYOND = 8;

export type VirtualListProps = Readonly<{
  count: number;
  rowPx: number;
  keyOf: (at: number) => string;
  row: (at: number) => ReactNode;
  role: 'list' | 'listbox';
  label: string;
  id?: string;
  /** What it scrolls in. */
  scrollRef: RefObject<HTMLElement | null>;
  /** What grows or shrinks above the list and so moves it within the scroller. */
  movesWith?: RefObject<HTMLElement | null>;
  /** This row is kept in sight. */
  activeAt?: number;
}>;

/** A list of which only the rows in sight are in the page. Rows may differ in height; they are measured. */
export function VirtualList(props: VirtualListProps) {
  const { count, rowPx, keyOf, row, role, label, id, scrollRef, movesWith, activeAt } = props;
  const list = useRef<HTMLDivElement>(null);
  const [topPx, setTopPx] = useState(0);
  useEffect(() => {
    const moving = movesWith?.current;
    if (!moving) return undefined;
    const observer = new ResizeObserver(() => setTopPx(list.current?.offsetTop ?? 0));
    observer.observe(moving);
    return () => observer.disconnect();
  }, [movesWith]);
  // oxlint-disable-next-line react/incompatible-library -- its values stay in this component, which nothing memoizes
  const rows = useVirtualizer({
    count,
    getScrollElement: () => scrollRef.current,
    estimateSize: () => rowPx,
    overscan: ROWS_BEYOND,
    scrollMargin: topPx,
    getItemKey: keyOf,
  });
  const [, drawAgain] = useReducer((draws: number) => draws + 1, 0);
  useLayoutEffect(() => {
    // A scroller that is drawn together with its list has its ref only after this; without it no row is in sight.
    if (rows.scrollElement === null) drawAgain();
  }, [rows]);
  useEffect(() => {
    if (activeAt !== undefined) rows.scrollToIndex(activeAt);
  }, [rows, activeAt]);
  return (
    <div
      ref={list}
      className={styles['list']}
      role={role}
      aria-label={label}
      style={{ height: rows.getTotalSize() }}
      {...(id === undefined ? {} : { id })}
    >
      {rows.getVirtualItems().map((item) => (
        <div
          key={item.key}
          ref={rows.measureElement}
          data-index={item.index}
          className={styles['row']}
          style={{ transform: `translateY(${item.start - topPx}px)` }}
        >
          {row(item.index)}
        </div>
      ))}
    </div>
  );
}
