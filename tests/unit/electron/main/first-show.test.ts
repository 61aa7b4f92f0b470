import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { PAINT_MS_MAX, showOncePainted } from '../../../../electron/main/first-show.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function hiddenWindow() {
  const events = new EventEmitter();
  const log: string[] = [];
  const window = {
    once: (name: string, listener: () => void) => events.once(name, listener),
    isVisible: () => log.includes('show'),
    show: () => void log.push('show'),
  };
  showOncePainted(window, () => void log.push('late'));
  return { events, log };
}

test('a window is shown when its page has painted, and once', () => {
  const { events, log } = hiddenWindow();
  expect(log).toEqual([]);
  events.emit('ready-to-show');
  vi.advanceTimersByTime(PAINT_MS_MAX * 2);
  expect(log).toEqual(['show']);
});

test('a page that never says that it has painted hides no till', () => {
  const { log } = hiddenWindow();
  vi.advanceTimersByTime(PAINT_MS_MAX - 1);
  expect(log).toEqual([]);
  vi.advanceTimersByTime(1);
  expect(log).toEqual(['late', 'show']);
});

test('a window that was closed meanwhile is not touched', () => {
  const { events, log } = hiddenWindow();
  events.emit('closed');
  vi.advanceTimersByTime(PAINT_MS_MAX * 2);
  expect(log).toEqual([]);
});
