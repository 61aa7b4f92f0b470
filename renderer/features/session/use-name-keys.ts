import { useEffect, type RefObject } from 'react';
import { isTextField } from '../../lib/key-field.ts';

/** Of names in their order: the next after `from` of which some word begins with `letter`; -1 when none does. */
export function nextByLetter(names: readonly string[], from: number, letter: string): number {
  const wanted = letter.toLocaleLowerCase();
  const begins = (name: string): boolean =>
    name
      .toLocaleLowerCase()
      .split(/\s+/)
      .some((word) => word.startsWith(wanted));
  const after = names.findIndex((name, at) => at > from && begins(name));
  return after >= 0 ? after : names.findIndex(begins);
}

/** While no field is open, a letter moves the focus to the next person whose name or login begins with it. */
export function useNameKeys(root: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const hear = (event: KeyboardEvent): void => {
      const isFree =
        !event.ctrlKey && !event.altKey && !event.metaKey && !isTextField(document.activeElement);
      if (!isFree || !/^\p{L}$/u.test(event.key)) return;
      const tiles = [...(root.current?.querySelectorAll<HTMLElement>('[data-login]') ?? [])];
      const from = tiles.findIndex((tile) => tile === document.activeElement);
      const names = tiles.map(({ dataset }) => `${dataset['name'] ?? ''} ${dataset['login'] ?? ''}`);
      tiles[nextByLetter(names, from, event.key)]?.focus();
    };
    window.addEventListener('keydown', hear);
    return () => window.removeEventListener('keydown', hear);
  }, [root]);
}
