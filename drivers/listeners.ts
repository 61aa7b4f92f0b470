import type { Unsubscribe } from './types.ts';

interface Listeners<T> {
  readonly add: (listener: (value: T) => void) => Unsubscribe;
  readonly emit: (value: T) => void;
  readonly clear: () => void;
}

/**
 * Calls listeners in the order they came. One that throws does not keep the value from the others: its error
 * surfaces as an uncaught one, outside the device's own call stack.
 */
export function createListeners<T>(): Listeners<T> {
  const listeners = new Set<{ call: (value: T) => void }>();
  return {
    add(listener) {
      const entry = { call: listener };
      listeners.add(entry);
      return () => {
        listeners.delete(entry);
      };
    },
    emit(value) {
      for (const { call } of listeners) {
        try {
          call(value);
        } catch (cause) {
          queueMicrotask(() => {
            throw cause;
          });
        }
      }
    },
    clear: () => listeners.clear(),
  };
}
