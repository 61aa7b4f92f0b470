import { useEffect, useRef, type RefObject } from 'react';
import type { Join } from './enrolment-store.ts';

/** Joins; what stands in the way comes into sight, and the focus goes to the first such field. */
export function useJoinPress(
  root: RefObject<HTMLFormElement | null>,
  status: Join['status'] | undefined,
  join: () => Promise<void>,
): () => void {
  const isWaiting = useRef(false);
  useEffect(() => {
    if (!isWaiting.current || status === 'busy') return;
    isWaiting.current = false;
    const wrong = root.current?.querySelector<HTMLElement>('[aria-invalid="true"]');
    wrong?.focus({ preventScroll: true });
    const said = wrong ?? root.current?.querySelector('[role="alert"]');
    said?.scrollIntoView({ block: 'center' });
  });
  return () => {
    isWaiting.current = true;
    void join();
  };
}
