import { useCallback, useEffect, useLayoutEffect, useRef, useState, type RefObject } from 'react';

/** A browser draws nothing beyond some 33 million pixels; far below that the bar is scaled. */
const SCROLL_PX_MAX = 8_000_000;
const ROWS_BEYOND = 6;

export interface RowWindow {
  first: number;
  /** Not itself in the window. */
  end: number;
  /** How tall what is scrolled has to be. */
  scrollPx: number;
  /** Of a row, from the upper edge of what is seen. */
  topOf(row: number): number;
  /** Brings a row into sight. */
  show(row: number): void;
  rowsInSight: number;
}

/** Where the first seen pixel stands among all rows, for a place of the bar, and back. */
export function createScale(rowsPx: number, viewPx: number) {
  const scrollPx = Math.min(Math.max(rowsPx, viewPx), SCROLL_PX_MAX);
  const [wayOfRows, wayOfBar] = [Math.max(0, rowsPx - viewPx), Math.max(0, scrollPx - viewPx)];
  return {
    scrollPx,
    maxY: wayOfRows,
    toBar: (y: number): number => (wayOfRows === 0 ? 0 : (y / wayOfRows) * wayOfBar),
    toRows: (top: number): number => (wayOfBar === 0 ? 0 : (top / wayOfBar) * wayOfRows),
  };
}

/**
 * Rows of one height, of which only those in sight are in the page, however many there are. Small moves of the bar are
 * moves by as many pixels, large ones (its handle, a click) go to the same part of all rows.
 */
export function useRowWindow(
  scroller: RefObject<HTMLElement | null>,
  count: number,
  /** `headPx`: what stands above the rows and does not scroll away. */
  { rowPx, headPx }: { rowPx: number; headPx: number },
): RowWindow {
  const [viewPx, setViewPx] = useState(0);
  const [y, setY] = useState(0);
  const barPx = useRef(0);
  const scale = createScale(count * rowPx, viewPx);
  const at = Math.min(y, scale.maxY);
  useLayoutEffect(() => {
    const element = scroller.current;
    if (element === null) return undefined;
    const measure = (): void => setViewPx(Math.max(0, element.clientHeight - headPx));
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    measure();
    return () => observer.disconnect();
  }, [scroller, headPx]);
  const latest = useRef({ scale, at, viewPx });
  useLayoutEffect(() => {
    latest.current = { scale, at, viewPx };
    const top = Math.round(scale.toBar(at));
    if (scroller.current === null || Math.abs(scroller.current.scrollTop - top) < 1) return;
    barPx.current = top;
    scroller.current.scrollTo({ top, behavior: 'instant' });
  });
  useEffect(() => {
    const element = scroller.current;
    if (element === null) return undefined;
    const hear = (): void => {
      const { scale: now, at: before, viewPx: view } = latest.current;
      const moved = element.scrollTop - barPx.current;
      if (Math.abs(moved) < 1) return;
      barPx.current = element.scrollTop;
      const isSmall = Math.abs(moved) <= view && element.scrollTop > 0;
      const next = isSmall ? before + moved : now.toRows(element.scrollTop);
      setY(Math.max(0, Math.min(now.maxY, next)));
    };
    element.addEventListener('scroll', hear, { passive: true });
    return () => element.removeEventListener('scroll', hear);
  }, [scroller]);
  const show = useCallback(
    (row: number) =>
      setY((now) => {
        const { viewPx: view } = latest.current;
        const [top, bottom] = [row * rowPx, (row + 1) * rowPx];
        if (top < now || view === 0) return top;
        return bottom > now + view ? bottom - view : now;
      }),
    [rowPx],
  );
  const first = Math.max(0, Math.floor(at / rowPx) - ROWS_BEYOND);
  const rowsInSight = Math.max(1, Math.floor(viewPx / rowPx));
  return {
    first,
    end: Math.min(count, first + rowsInSight + 2 * ROWS_BEYOND + 1),
    scrollPx: scale.scrollPx,
    topOf: (row) => row * rowPx - at,
    show,
    rowsInSight,
  };
}
