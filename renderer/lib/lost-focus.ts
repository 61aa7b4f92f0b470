/** What had the focus has gone from the page, and who works by keys stands nowhere. */
export const hasLostFocus = (): boolean =>
  document.activeElement === null || document.activeElement === document.body;
