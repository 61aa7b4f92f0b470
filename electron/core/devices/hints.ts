import type { Place, Unsubscribe } from '../../../drivers/types.ts';

/** Slots that wait for their device, and hear when to look. */
export function createHints() {
  const waiting = new Set<() => void>();
  return {
    tell: (): void => {
      for (const hint of waiting) hint();
    },
    /** A place that hears them all, and what `watch` tells of its own. */
    placeOf: (find: Place['find'], watch: (hint: () => void) => Unsubscribe): Place => ({
      find,
      watch: (hint) => {
        waiting.add(hint);
        const stop = watch(hint);
        return () => {
          waiting.delete(hint);
          stop();
        };
      },
    }),
  };
}
