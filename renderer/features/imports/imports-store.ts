import { createStore } from 'zustand/vanilla';
import type { CoreClient } from '../../../electron/contract/index.ts';
import type { CardTypeId } from '../../../sync/base/ids.ts';
import { failedRowsOf, sendFile, toBytes } from './files.ts';
import type { Get, ImportsState, Set } from './imports-state.ts';
import { createReader, toSettings, type Reader } from './reading.ts';
import { isAtWork } from './steps.ts';

const typeId = (id: string | null): CardTypeId | null => id as CardTypeId | null;

type Looking = Pick<
  ImportsState,
  'open' | 'show' | 'filter' | 'more' | 'older' | 'hear' | 'leave' | 'template' | 'failedRows'
>;

const looking = (
  core: CoreClient,
  { trying, readRows, take, readHistory, readOlder, go, stay }: Reader,
  { set, get }: { set: Set; get: Get },
): Looking => ({
  open: async () => {
    const isHere = stay();
    await trying(async () => {
      await readHistory();
      set({ columns: await core['imports.listColumns']({}) });
      const going = get().history.find(isAtWork);
      if (going !== undefined && isHere() && get().run === null) take(going);
    });
  },
  show: async (runId) => {
    const isHere = go();
    set({ sent: null });
    await trying(async () => {
      const run = await core['imports.get']({ runId });
      if (isHere()) take(run);
    });
  },
  filter: async (shown) => {
    set({ shown, rows: [] });
    await trying(() => readRows(0));
  },
  more: async () => {
    await trying(() => readRows(get().rows.at(-1)?.rowNo ?? 0));
  },
  older: async () => {
    await trying(readOlder);
  },
  hear: (run) => {
    if (get().columns.length === 0) return;
    if (get().run?.runId === run.runId) take(run);
    if (!isAtWork(run)) void trying(readHistory);
  },
  leave: () => {
    go();
    set({ run: null, rows: [], settings: null, sent: null, failure: null });
  },
  template: (template) =>
    trying(async () => {
      const { fileName, base64 } = await core['imports.getTemplate']({ template });
      return { name: fileName, bytes: toBytes(base64) };
    }),
  failedRows: () => {
    const { run } = get();
    return run === null ? Promise.resolve(null) : trying(() => failedRowsOf(core, run.runId));
  },
});

type Doing = Pick<ImportsState, 'choose' | 'reread' | 'set' | 'check' | 'act'>;

const doing = (
  core: CoreClient,
  { trying, take, readHistory, go, stay }: Reader,
  { set, get, newId }: { set: Set; get: Get; newId: () => string },
): Doing => ({
  choose: async (file) => {
    const isHere = go();
    const tell = (sent: number | null): void => {
      if (isHere()) set({ sent });
    };
    set({ sent: 0, run: null, rows: [], settings: null, shown: null });
    await trying(async () => {
      const run = await sendFile(core, { runId: newId(), file, onSent: tell });
      if (isHere()) take(run);
      await readHistory();
    });
    tell(null);
  },
  reread: async (how) => {
    const { run } = get();
    if (run === null) return;
    const isHere = go();
    await trying(async () => {
      const read = await core['imports.open']({ runId: run.runId, ...how });
      if (!isHere()) return;
      set({ run: read, settings: { ...toSettings(read), mode: get().settings?.mode ?? read.mode } });
    });
  },
  set: (change) => {
    const { settings } = get();
    if (settings !== null) set({ settings: { ...settings, ...change } });
  },
  check: async () => {
    const { run, settings } = get();
    if (run === null || settings === null) return;
    const { mode, columns } = settings;
    const cards = {
      pointsCardTypeId: typeId(settings.pointsCardTypeId),
      creditCardTypeId: typeId(settings.creditCardTypeId),
    };
    const input = { runId: run.runId, mode, columns: [...columns], ...cards };
    const isHere = stay();
    await trying(async () => {
      const checked = await core['imports.check'](input);
      if (isHere()) take(checked);
    });
  },
  act: async (act) => {
    const { run } = get();
    if (run === null) return;
    const isHere = stay();
    await trying(async () => {
      const acted = await core[act]({ runId: run.runId });
      if (isHere()) take(acted);
      await readHistory();
    });
  },
});

const NOTHING = {
  ...{
    run: null,
    history: [],
    hasOlder: false,
    columns: [],
    settings: null,
    rows: [],
    hasMore: false,
    shown: null,
  },
  ...{ sent: null, failure: null },
};

export const createImportsStore = (core: CoreClient, newId: () => string) =>
  createStore<ImportsState>()((set, get) => {
    const reader = createReader(core, set, get);
    return {
      ...NOTHING,
      ...looking(core, reader, { set, get }),
      ...doing(core, reader, { set, get, newId }),
    };
  });
export type ImportsStore = ReturnType<typeof createImportsStore>;
