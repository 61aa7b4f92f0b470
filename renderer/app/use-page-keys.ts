import { useEffect, type RefObject } from 'react';
import type { Keyboard } from '../lib/keyboard.tsx';
import { isTextField } from '../lib/key-field.ts';

/** `F2`, `Escape`, `Ctrl+Z`: the name under which screens bind a key. */
function keyName(event: KeyboardEvent): string {
  const isCommand = event.ctrlKey && !event.altKey && !event.metaKey;
  return isCommand ? `Ctrl+${event.key.toUpperCase()}` : event.key;
}

const isTyping = (event: KeyboardEvent): boolean =>
  [...event.key].length === 1 && event.key !== ' ' && !event.ctrlKey && !event.metaKey && !event.altKey;

/** Function keys and Esc act wherever the focus is, on every screen. A press that is held down acts once. */
export function useBoundKeys(keyboard: Keyboard): void {
  useEffect(() => {
    const hear = (event: KeyboardEvent): void => {
      // Keys that the page sends itself are typing given back, never a command.
      if (event.defaultPrevented || event.isComposing || !event.isTrusted) return;
      const name = keyName(event);
      if (!/^(?:F\d+|Escape|Ctrl\+.)$/.test(name)) return;
      if (event.repeat && /^F\d/.test(name)) return event.preventDefault();
      if (keyboard.press(name) || /^F(?:[1-9]|10)$/.test(name)) event.preventDefault();
    };
    window.addEventListener('keydown', hear);
    return () => window.removeEventListener('keydown', hear);
  }, [keyboard]);
}

/** Typing that nobody else wants goes to the box. */
export function useTypingToBox(box: RefObject<HTMLInputElement | null>, takesTyping: () => boolean): void {
  useEffect(() => {
    const hear = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.isComposing) return;
      // The key lands in the field that has the focus when it is handled, so moving the focus now is enough.
      const isFree = isTyping(event) && !isTextField(document.activeElement) && takesTyping();
      if (isFree) box.current?.focus();
    };
    window.addEventListener('keydown', hear);
    return () => window.removeEventListener('keydown', hear);
  }, [box, takesTyping]);
}
