import type { Page } from '@playwright/test';

const GAP_S = 0.005;
const CTRL = 2;
const SHIFT = 8;
/** Keys of a US keyboard whose place is not told by their sign; the second half with Shift. */
const PLACES: Readonly<Record<string, string>> = {
  ...{ '-': 'Minus', ';': 'Semicolon', '=': 'Equal', '.': 'Period', '/': 'Slash', ' ': 'Space' },
  ...{ '%': 'Digit5', '&': 'Digit7', '?': 'Slash', '@': 'Digit2', '"': 'Quote' },
};
const SHIFTED = /[A-Z%&?@"]/;

function toKey(sign: string) {
  if (sign === '\r') return { key: 'Enter', code: 'Enter', windowsVirtualKeyCode: 13, text: '\r' };
  if (sign === '\x1d') return { key: ']', code: 'BracketRight', modifiers: CTRL };
  const place = PLACES[sign] ?? (/\d/.test(sign) ? `Digit${sign}` : `Key${sign.toUpperCase()}`);
  return { key: sign, code: place, text: sign, modifiers: SHIFTED.test(sign) ? SHIFT : 0 };
}

/**
 * Types a text and Enter as a wedge scanner does: five milliseconds apart by the stamps of the keys themselves, and all
 * sent at once, so that a busy machine makes no person of it.
 *
 * @param text A group sign is Ctrl and the bracket, as scanners send it.
 */
export async function typeAsScanner(page: Page, text: string): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const startS = Date.now() / 1000;
  await Promise.all(
    [...text, '\r'].map((sign, at) =>
      session.send('Input.dispatchKeyEvent', {
        type: 'keyDown',
        timestamp: startS + at * GAP_S,
        ...toKey(sign),
      }),
    ),
  );
  await session.detach();
}
