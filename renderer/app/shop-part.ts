import { useEffect, useSyncExternalStore, type ReactNode } from 'react';
import type { ShellProps } from './shell.tsx';

type DrawShop = (props: ShellProps) => ReactNode;

/** The code behind the sign-in. It is a file of its own, so that the first screen does not wait for it. */
export interface ShopPart {
  /** Fetches it, once however often it is called. */
  load(): void;
  /** @throws what kept it from being fetched */
  get(): DrawShop | undefined;
  onChange(listener: () => void): () => void;
}

export function createShopPart(fetchShop: () => Promise<DrawShop>): ShopPart {
  const listeners = new Set<() => void>();
  let isAsked = false;
  let draw: DrawShop | undefined;
  let failure: Error | undefined;

  const fetch = async (): Promise<void> => {
    try {
      draw = await fetchShop();
    } catch (cause) {
      failure = new Error('a part of the page can not be read', { cause });
    }
    for (const listener of listeners) listener();
  };
  return {
    load: () => {
      if (isAsked) return;
      isAsked = true;
      void fetch();
    },
    get: () => {
      if (failure) throw failure;
      return draw;
    },
    onChange: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** Where the page stands: nothing to see yet, a first screen that needs no shop, or the shop. */
type Need = 'later' | 'soon' | 'now';

/** @returns undefined until the shop is there. Nobody waits for it who reads the first screen for a moment. */
export function useShop(part: ShopPart, need: Need): DrawShop | undefined {
  const draw = useSyncExternalStore(part.onChange, part.get);
  useEffect(() => {
    if (need === 'now') part.load();
    if (need !== 'soon') return undefined;
    // The task after a frame: what the frame shows is painted by then.
    const frame = requestAnimationFrame(() => setTimeout(part.load));
    return () => cancelAnimationFrame(frame);
  }, [part, need]);
  return draw;
}
