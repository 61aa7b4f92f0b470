import { useEffect, type RefObject } from 'react';

/** After a scan: marks the moment when its member was on the screen, for the bench and for support. */
export function usePaintMark(root: RefObject<HTMLElement | null>, scanCount: number): void {
  useEffect(() => {
    if (scanCount === 0) return undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const frame = requestAnimationFrame(() => {
      // The frame is painted when the task after it runs.
      timer = setTimeout(() => {
        performance.mark('member-painted');
        if (root.current) root.current.dataset['paintedAt'] = String(Date.now());
      }, 0);
    });
    return () => {
      cancelAnimationFrame(frame);
      clearTimeout(timer);
    };
  }, [root, scanCount]);
}
