import { createContext, useContext, useEffect, useRef } from 'react';

/** Who hears a key first: the highest layer that knows it. A dialog keeps all keys to itself. */
export const KEY_LAYERS = { app: 0, screen: 1, panel: 2, dialog: 3 } as const;
export type KeyLayer = keyof typeof KEY_LAYERS;

export interface KeyBinding {
  readonly label: string;
  readonly act: () => void;
}
/** By the name of the key as in `KeyboardEvent.key`: `F2`, `Escape`. */
export type KeyMap = Readonly<Record<string, KeyBinding>>;

export interface Keyboard {
  add(layer: KeyLayer, keys: () => KeyMap): () => void;
  /** True when some layer took the key. */
  press(key: string): boolean;
  /** Every key that acts now, for the key sheet. */
  list(): { readonly key: string; readonly label: string }[];
}

export function createKeyboard(): Keyboard {
  const layers: { layer: KeyLayer; keys: () => KeyMap }[] = [];
  /** Highest first; within a layer the newest first. */
  const inOrder = (): KeyMap[] => {
    const dialogs = layers.filter(({ layer }) => layer === 'dialog');
    const heard = dialogs.length > 0 ? dialogs : layers;
    return heard
      .toReversed()
      .sort((left, right) => KEY_LAYERS[right.layer] - KEY_LAYERS[left.layer])
      .map(({ keys }) => keys());
  };
  return {
    add: (layer, keys) => {
      const added = { layer, keys };
      layers.push(added);
      return () => void layers.splice(layers.indexOf(added), 1);
    },
    press: (key) => {
      const binding = inOrder().find((keys) => key in keys)?.[key];
      binding?.act();
      return binding !== undefined;
    },
    list: () => {
      const listed = new Map<string, string>();
      for (const keys of inOrder()) {
        for (const [key, { label }] of Object.entries(keys)) if (!listed.has(key)) listed.set(key, label);
      }
      return [...listed].map(([key, label]) => ({ key, label }));
    },
  };
}

export const KeyboardContext = createContext<Keyboard>(createKeyboard());

/** Makes `keys` act while the component is on the screen. */
export function useKeys(layer: KeyLayer, keys: KeyMap): void {
  const keyboard = useContext(KeyboardContext);
  const latest = useRef(keys);
  useEffect(() => {
    latest.current = keys;
  });
  useEffect(() => keyboard.add(layer, () => latest.current), [keyboard, layer]);
}
