import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { openFile } from '../../../../db/open.ts';
import { applyInSlices } from '../../../../db/replica/apply-slices.ts';
import { createLogRelief } from '../../../../db/replica/log-relief.ts';
import { openReplica } from '../../../../db/replica/open.ts';
import { createTurns, standBack } from '../../../../db/replica/turns.ts';
import { startReplicaWorker } from '../../../../db/replica/worker-host.ts';
import { closing, KEY, tempFolder } from '../files.ts';
import * as sample from '../samples.ts';

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const newPlace = () => ({ path: join(tempFolder(), 'replica.db'), keyHex: KEY });
const END = { epoch: 'e', cursor: 700, isSettled: true };

describe('who tends a copy', () => {
  afterEach(() => void vi.restoreAllMocks());

  test('stands back while somebody has claimed the next turn, and for a bounded time only', () => {
    const wait = vi.spyOn(Atomics, 'wait').mockReturnValue('timed-out');
    const turns = createTurns();
    standBack(turns.memory);
    expect(wait).not.toHaveBeenCalled();
    const [first, second] = [turns.claim(), turns.claim()];
    first();
    standBack(turns.memory);
    expect(wait).toHaveBeenCalledTimes(1);
    expect(wait.mock.calls[0]?.[3]).toBeLessThanOrEqual(100);
    second();
    standBack(turns.memory);
    expect(wait).toHaveBeenCalledTimes(1);
  });

  test('is told while a page is taken in, between its slices too, and not after it, also when it fails', async () => {
    const replica = closing(openReplica(newPlace()));
    const claims = new Int32Array(replica.turns);
    const seen: number[] = [];
    const pause = async (): Promise<void> => void seen.push(Atomics.load(claims, 0));
    await applyInSlices(replica, sample.shopRows(200), { at: END, pause });
    expect(seen.length).toBeGreaterThan(1);
    expect(seen.every((count) => count > 0)).toBe(true);
    const cut = applyInSlices(replica, sample.shopRows(200), {
      at: END,
      pause: () => Promise.reject(new Error('cut')),
    });
    await expect(cut).rejects.toThrow('cut');
    expect(() => replica.apply(sample.shopRows(1), { ...END, epoch: 'other' })).toThrow('epoch');
    expect(Atomics.load(claims, 0)).toBe(0);
  });
});

describe('the log of a copy', () => {
  test('is moved into the file by the worker and by nobody who writes, also while the copy is tended', async () => {
    const place = newPlace();
    const first = openReplica(place);
    await applyInSlices(first, sample.shopRows(3_000), { at: { ...END, cursor: 3_000 }, pause: nextTurn });
    // The default of SQLite is 1,000.
    expect(first.logPages()).toBeGreaterThan(1_000);
    first.close();
    const raw = openFile({ ...place, file: 'replica' });
    raw.exec("UPDATE key_state SET built = 0, until = 3000, batch_run = 2, rules = rules || ''");
    raw.exec('INSERT INTO key_runs (run) VALUES (2)');
    raw.close();
    const replica = closing(openReplica(place));
    const worker = startReplicaWorker(place);
    try {
      const order: string[] = [];
      replica.apply(sample.shopRows(40), { ...END, cursor: 3_001 });
      expect(replica.logPages()).toBeGreaterThan(0);
      await Promise.all([
        worker.tend(replica.turns).then(() => order.push('tended')),
        worker.checkpoint().then(() => order.push('moved')),
      ]);
      expect(order).toEqual(['moved', 'tended']);
      await worker.checkpoint();
      expect([replica.logPages(), replica.isTendingDue(), replica.check()]).toEqual([0, false, []]);
    } finally {
      await worker.close();
    }
  }, 60_000);

  test('is moved once at a time when it has grown, and waited for only when it is long', async () => {
    let pages = 10;
    let asked = 0;
    let letGoes = 0;
    let end: () => void = () => undefined;
    const checkpoint = (): Promise<void> => {
      asked += 1;
      return new Promise((resolve) => (end = resolve));
    };
    const replica = closing(openReplica(newPlace()));
    const letGo = async (): Promise<void> => void (letGoes += 1);
    const { between, end: stop } = createLogRelief(
      () => ({ ...replica, logPages: () => pages }),
      () => ({ checkpoint, letGo }),
    );
    const relieve = (): Promise<void> => between(nextTurn);
    await relieve();
    await stop();
    expect([asked, letGoes]).toEqual([0, 0]);
    pages = 2_000;
    await relieve();
    await relieve();
    expect(asked).toBe(1);
    pages = 10_000;
    let isDone = false;
    const waiting = relieve().then(() => (isDone = true));
    await nextTurn();
    expect([asked, isDone]).toEqual([1, false]);
    end();
    await waiting;
    pages = 2_000;
    await nextTurn();
    await relieve();
    expect(asked).toBe(2);
    await stop();
    await stop();
    expect(letGoes).toBe(1);
  });
});

test('the log is moved behind what waited for the slice, never before it', async () => {
  const done: string[] = [];
  const replica = closing(openReplica(newPlace()));
  const { between } = createLogRelief(
    () => ({ ...replica, logPages: () => 2_000 }),
    () => ({ checkpoint: async () => void done.push('log moved'), letGo: async () => undefined }),
  );
  for (const press of ['first press', 'second press'])
    await between(async () => {
      await nextTurn();
      done.push(press);
    });
  expect(done).toEqual(['first press', 'log moved', 'second press', 'log moved']);
});

describe('a thread that moves the log', () => {
  test('keeps the file open for the next time, until it is told to let go', async () => {
    const place = newPlace();
    const worker = startReplicaWorker(place);
    /** Whoever closes a file last removes its log. */
    const isLogLeft = async (isToLetGo: boolean): Promise<boolean> => {
      const replica = openReplica(place);
      await worker.checkpoint();
      if (isToLetGo) await worker.letGo();
      replica.close();
      return existsSync(`${place.path}-wal`);
    };
    try {
      expect([await isLogLeft(false), await isLogLeft(true)]).toEqual([true, false]);
    } finally {
      await worker.close();
    }
  });
});
