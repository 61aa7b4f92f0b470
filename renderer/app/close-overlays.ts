/** Puts away menus and sheets over the screen, as Esc does for a person. None of them holds anything typed. */
export function closeOverlays(): void {
  for (const overlay of document.querySelectorAll('[role="menu"],[role="dialog"]')) {
    const { activeElement } = document;
    const target = activeElement !== null && overlay.contains(activeElement) ? activeElement : overlay;
    target.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true, cancelable: true }));
  }
}
