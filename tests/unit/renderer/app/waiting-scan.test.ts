import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createWaitingScanStore, SCAN_WAIT_MS } from '../../../../renderer/app/waiting-scan.ts';

beforeEach(() => vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
afterEach(() => vi.useRealTimers());

const card = { kind: 'text', scan: { text: '6035553882471315', kind: 'member-card' } } as const;
const other = { kind: 'text', scan: { text: '6035559746337451', kind: 'member-card' } } as const;

test('of several scans the last one waits, and it is handed over once', () => {
  const store = createWaitingScanStore();
  store.getState().keep(card);
  store.getState().keep(other);
  expect([store.getState().take(), store.getState().take()]).toEqual([other, null]);
});

test('nothing of a scan is left when its time is over; a newer one has its own time', () => {
  const store = createWaitingScanStore();
  store.getState().keep(other);
  vi.advanceTimersByTime(SCAN_WAIT_MS - 1);
  store.getState().keep(card);
  vi.advanceTimersByTime(SCAN_WAIT_MS - 1);
  expect(store.getState().waiting).toEqual(card);
  vi.advanceTimersByTime(1);
  expect(store.getState().waiting).toBeNull();
});
