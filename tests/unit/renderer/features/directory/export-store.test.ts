import { expect, test } from 'vitest';
import type { CoreClient } from '../../../../../electron/contract/index.ts';
import { createExportStore } from '../../../../../renderer/features/directory/export-store.ts';
import { saveStream } from '../../../../../renderer/lib/host.ts';
import { NO_FILTER } from '../../../../../sync/model/register.ts';

const ASK = {
  choice: { filter: NO_FILTER, search: '' },
  within: null,
  memberIds: null,
  purpose: 'administration',
  reason: 'for a test',
  hasBom: true,
} as const;

/** A core with a file of `pieces`; `onRead` runs while each is being read. */
function startStore(pieces: readonly string[], onRead: (read: number) => void = () => undefined) {
  const told: string[] = [];
  const left = [...pieces];
  let read = 0;
  const core = {
    'directory.beginExport': () => {
      told.push('begin');
      return Promise.resolve({ exportId: 'x', fileName: 'members.csv', rows: pieces.length });
    },
    'directory.readExport': () => {
      told.push('read');
      read += 1;
      onRead(read);
      return Promise.resolve({ text: left.shift() ?? '', rowsRead: read });
    },
    'directory.endExport': () => {
      told.push('end');
      return Promise.resolve({});
    },
  } as unknown as CoreClient;
  const offered: string[] = [];
  const store = createExportStore({
    core,
    // The real one gathers; only what it offers in the end is taken here in place of a download.
    saveStream: async (file, each, signal) => {
      const seen: string[] = [];
      const watched = async function* (): AsyncGenerator<string> {
        for await (const piece of each) {
          seen.push(piece);
          yield piece;
        }
      };
      await saveStream(file, watched(), signal).catch((cause: unknown) => {
        // There is no page here to offer it on.
        if (!(cause instanceof ReferenceError)) throw cause;
      });
      offered.push(seen.join(''));
    },
  });
  return { store, told, offered };
}

test('a file is read to its end, offered once, and the core lets go of it', async () => {
  const { store, told, offered } = startStore(['a\n', 'b\n']);
  await store.getState().begin(ASK);
  expect(store.getState().exporting).toEqual({ status: 'done', rowsRead: 2, rows: 2 });
  expect(offered).toEqual(['a\nb\n']);
  expect(told).toEqual(['begin', 'read', 'read', 'read', 'end']);
});

test('of a file that is cancelled nothing is left: not offered, not read on, let go by the core', async () => {
  const { store, told, offered } = startStore(['a\n', 'b\n', 'c\n'], (read) => {
    if (read === 2) store.getState().cancel();
  });
  await store.getState().begin(ASK);
  expect(store.getState().exporting).toEqual({ status: 'cancelled' });
  expect(offered).toEqual([]);
  expect(told).toEqual(['begin', 'read', 'read', 'end']);
  store.getState().close();
  expect(store.getState().exporting).toEqual({ status: 'idle' });
});

test('why a file goes out waits while something else takes the form’s place, until it is whole or nobody wants it', async () => {
  let isBroken = true;
  const { store } = startStore(['a\n'], () => {
    // The answer comes to what was said when it began.
    store.getState().say({ reason: 'meanwhile' });
    store.getState().drop();
    if (isBroken) throw new Error('no answer');
  });
  const said = () => store.getState().draft.reason;
  store.getState().open();
  store.getState().say({ reason: 'the tasting', whom: 'all' });
  store.getState().close();
  expect([said(), store.getState().isOpen]).toEqual(['the tasting', false]);
  await store.getState().begin(ASK);
  expect([said(), store.getState().exporting.status]).toEqual(['the tasting', 'failed']);
  isBroken = false;
  await store.getState().begin(ASK);
  expect([said(), store.getState().draft.whom]).toEqual(['', 'all']);
  store.getState().say({ reason: 'another' });
  store.getState().drop();
  expect(store.getState().draft).toMatchObject({ reason: '', whom: null });
});
