import { useEffect, useRef, type RefObject } from 'react';
import { hasLostFocus } from './lost-focus.ts';

/**
 * A button that goes away with its own press takes the focus with it, and who works by keys stands nowhere. Whenever
 * `step` changes and nothing has the focus, the part that took the button's place gets it (it needs `tabIndex={-1}`).
 *
 * @param isNew The part itself is the new step: it takes the focus when it comes, too.
 */
export function useKeptFocus<Part extends HTMLElement>(step: string, isNew = false): RefObject<Part | null> {
  const part = useRef<Part>(null);
  const before = useRef(isNew ? null : step);
  useEffect(() => {
    const isSame = before.current === step;
    before.current = step;
    if (!isSame && hasLostFocus()) part.current?.focus();
  }, [step]);
  return part;
}
