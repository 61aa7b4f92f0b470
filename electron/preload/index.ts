/**
 * The only things a page gets from outside, as `window.counterfoil`: its end of the port to its core, a PDF of itself.
 *
 * - `post(message)` sends a structured-cloneable message; main carries it to the core unread.
 * - `onMessage(listener)` hears replies, events, `ready` or `refused`, and `core` messages about the core's life
 *   (`electron/contract/port.ts`); returns a function that stops it. Messages that come before the first listener wait.
 * - There is no `onClose` and no `close`: the port lives as long as the page. A core that dies shows as a `core` message.
 * - `savePdf(name)` asks the person where, and answers with what came of it; no path comes to the page.
 *
 * Channels: `save-pdf`, `port` both ways, `port-open` per page load, asked under a mark of its own until main answers
 * with it and what was missed. What came before the answer is in it: heard as well, it would be heard twice.
 */
import { contextBridge, ipcRenderer } from 'electron';
import type { Unsubscribe } from '../contract/port.ts';

type Listener = (message: unknown) => void;

const listeners = new Set<Listener>();
const waiting: unknown[] = [];
const OPEN_EVERY_MS = 1_000;

// Main answers at once with what the page has missed. It hears only our own page, and may not know yet which this is.
const mark = crypto.randomUUID();
const open = (): void => ipcRenderer.send('port-open', mark);
const opening = setInterval(open, OPEN_EVERY_MS);
let isOpen = false;

const hear = (message: unknown): void => {
  if (listeners.size === 0) waiting.push(message);
  for (const listener of listeners) listener(message);
};
ipcRenderer.on('port-open', (_event, answered: unknown, missed: readonly unknown[]) => {
  if (answered !== mark || isOpen) return;
  clearInterval(opening);
  isOpen = true;
  for (const message of missed) hear(message);
});
ipcRenderer.on('port', (_event, message: unknown) => {
  if (isOpen) hear(message);
});
open();

contextBridge.exposeInMainWorld('counterfoil', {
  post: (message: unknown): void => ipcRenderer.send('port', message),
  savePdf: (name: string): Promise<unknown> => ipcRenderer.invoke('save-pdf', name),
  onMessage: (listener: Listener): Unsubscribe => {
    listeners.add(listener);
    for (const message of waiting.splice(0)) listener(message);
    return () => listeners.delete(listener);
  },
});
