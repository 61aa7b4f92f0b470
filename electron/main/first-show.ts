/** What of a window decides when it shows itself first. */
export interface Hidden {
  once(event: 'ready-to-show' | 'closed', listener: () => void): unknown;
  isVisible(): boolean;
  show(): void;
}

/** A page paints within a second; on a machine that is very busy it was seen to take ten. */
export const PAINT_MS_MAX = 15_000;

/**
 * Shows a window as soon as its page has painted, so that nobody sees it empty; and after `PAINT_MS_MAX` in any case.
 * Chromium promises no first paint of a window that nobody sees: one that waited for it could wait for ever.
 *
 * @param onLate It was shown without a word of a paint.
 */
export function showOncePainted(window: Hidden, onLate: () => void): void {
  const late = setTimeout(() => {
    if (window.isVisible()) return;
    onLate();
    window.show();
  }, PAINT_MS_MAX);
  window.once('ready-to-show', () => {
    clearTimeout(late);
    window.show();
  });
  window.once('closed', () => clearTimeout(late));
}
