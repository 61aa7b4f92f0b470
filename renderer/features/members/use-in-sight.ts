import { useEffect, useRef, type RefObject } from 'react';

/**
 * Keeps the whole of an element in sight as it grows, where the screen has the room: what it asks for last stands
 * before the eye, and not under the fold. Who scrolls by herself is left alone.
 */
export function useInSight<Element extends HTMLElement>(): RefObject<Element | null> {
  const ref = useRef<Element>(null);
  useEffect(() => {
    const element = ref.current;
    if (element === null) return undefined;
    const watch = new ResizeObserver(() => element.scrollIntoView({ block: 'nearest' }));
    watch.observe(element);
    return () => watch.disconnect();
  }, []);
  return ref;
}
