import { useEffect, useState } from 'react';

/** False, and true once `delayMs` have passed: what is over sooner never shows a waiting face. */
export function useDelay(delayMs: number): boolean {
  const [isOver, setIsOver] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setIsOver(true), delayMs);
    return () => clearTimeout(timer);
  }, [delayMs]);
  return isOver;
}
