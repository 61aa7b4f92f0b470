import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { ReplicaDb } from '../../../../db/replica/types.ts';
import type { CopyChange } from '../../../../db/replica/write-watch.ts';
import { createThreadLife, IDLE_MS } from '../../../../electron/core/thread-life.ts';

interface Thread {
  name: number;
  /** Lets its end be over. */
  finish: () => void;
  close: () => Promise<void>;
}

function createScene() {
  const begun: Thread[] = [];
  const heard: [name: number, kind: string][] = [];
  const watchers = new Set<(change: CopyChange) => void>();
  const faults: unknown[] = [];
  const replica: Pick<ReplicaDb, 'onWrite'> = {
    onWrite: (listener) => {
      watchers.add(listener);
      return () => watchers.delete(listener);
    },
  };
  const life = createThreadLife<Thread>({
    begin: () => {
      let finish = (): void => undefined;
      const over = new Promise<void>((resolve) => (finish = resolve));
      const thread = { name: begun.length, finish, close: () => over };
      begun.push(thread);
      return thread;
    },
    threadOf: (thread) => thread,
    // Cast: no more of the copy is asked.
    replica: () => replica as ReplicaDb,
    onWrite: ({ name }, { kind }) => heard.push([name, kind]),
    onFault: (cause) => faults.push(cause),
  });
  const write = (): void => watchers.forEach((tell) => tell({ kind: 'all' }));
  return { life, begun, heard, write, faults, watchers };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('one thread serves all who ask, and hears of each write while it runs', async () => {
  const { life, begun, heard, write, watchers } = createScene();
  expect(life.running()).toBeNull();
  expect(life.get()).toBe(begun[0]);
  expect(life.get()).toBe(begun[0]);
  write();
  begun[0]?.finish();
  await life.end();
  write();
  expect(heard).toEqual([[0, 'all']]);
  expect(watchers.size).toBe(0);
});

test('while the file is being let go nobody gets a thread, and afterwards a new one', async () => {
  const { life, begun } = createScene();
  expect(life.rest()).toBeNull();
  life.get();
  const rested = life.rest();
  expect(rested).not.toBeNull();
  expect(life.get()).toBeNull();
  expect(life.rest()).not.toBeNull();
  begun[0]?.finish();
  await rested;
  expect(life.get()).toBe(begun[1]);
});

test('a thread that nobody asked for a quarter of an hour ends, and each question puts that off', () => {
  const { life, begun } = createScene();
  life.get();
  vi.advanceTimersByTime(IDLE_MS - 1);
  life.get();
  vi.advanceTimersByTime(IDLE_MS - 1);
  expect(life.running()).toBe(begun[0]);
  vi.advanceTimersByTime(1);
  expect(life.running()).toBeNull();
});

test('once closed nothing begins again', async () => {
  const { life, begun } = createScene();
  life.get();
  begun[0]?.finish();
  await life.close();
  expect(life.get()).toBeNull();
  expect(begun.length).toBe(1);
});
