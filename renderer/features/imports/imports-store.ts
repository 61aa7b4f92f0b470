import { createStore } from 'zustand/vanilla';
import type { CoreClient } from '../../../electron/contract/index.ts';
import type {
  ImportEncoding,
  ImportMode,
  ImportRow,
  ImportRun,
  ImportTemplate,
} from '../../../electron/contract/imports.ts';
import type { CardTypeId } from '../../../sync/base/ids.ts';
import { failureOf, type Failure } from '../../lib/failure.ts';
import { failedRowsOf, sendFile, toBytes, type ChosenFile } from './files.ts';
import { isAtWork } from './steps.ts';

export type Action = ImportRow['action'];

/** What the rows are read and run as; the file's own words until somebody changes them. */
export interface Settings {
  readonly mode: ImportMode;
  readonly columns: readonly (string | null)[];
  /** Headers that somebody has said to leave out. */
  readonly ignored: readonly number[];
  readonly pointsCardTypeId: string | null;
  readonly creditCardTypeId: string | null;
}

export interface ImportsState {
  readonly run: ImportRun | null;
  readonly history: readonly ImportRun[];
  readonly columns: readonly { name: string; label: string }[];
  readonly settings: Settings | null;
  readonly rows: readonly ImportRow[];
  readonly hasMore: boolean;
  readonly shown: Action | null;
  /** 0 .. 1 of the file that is on its way. */
  readonly sent: number | null;
  readonly failure: Failure | null;
  open(): Promise<void>;
  choose(file: ChosenFile): Promise<void>;
  reread(how: { encoding: ImportEncoding | null; delimiter: string | null }): Promise<void>;
  set(change: Partial<Settings>): void;
  check(): Promise<void>;
  act(act: 'imports.start' | 'imports.cancel' | 'imports.undo'): Promise<void>;
  show(runId: string): Promise<void>;
  filter(action: Action | null): Promise<void>;
  more(): Promise<void>;
  hear(run: ImportRun): void;
  leave(): void;
  template(template: ImportTemplate): Promise<{ name: string; bytes: Uint8Array<ArrayBuffer> } | null>;
  failedRows(): Promise<string | null>;
}

const PAGE = 100;
const toSettings = ({ mode, columns, pointsCardTypeId, creditCardTypeId }: ImportRun): Settings => ({
  ...{ mode, columns: columns.map(({ to }) => to), ignored: [], pointsCardTypeId, creditCardTypeId },
});
const typeId = (id: string | null): CardTypeId | null => id as CardTypeId | null;

type Get = () => ImportsState;
type Set = (change: Partial<ImportsState>) => void;

/** What the acts of the page share: one line for what failed, rows and history read again. */
function createReader(core: CoreClient, set: Set, get: Get) {
  const trying = async <T>(act: () => Promise<T>): Promise<T | null> => {
    set({ failure: null });
    try {
      return await act();
    } catch (cause) {
      set({ failure: failureOf(cause) });
      return null;
    }
  };
  const readRows = async (afterRow: number): Promise<void> => {
    const { run, shown, rows } = get();
    if (run === null || isAtWork(run)) return;
    const page = await core['imports.listRows']({ runId: run.runId, action: shown, afterRow, limit: PAGE });
    if (get().run?.runId !== run.runId || get().shown !== shown) return;
    set({ rows: afterRow === 0 ? page : [...rows, ...page], hasMore: page.length === PAGE });
  };
  const take = (run: ImportRun): void => {
    const isOther = get().run?.runId !== run.runId;
    set({ run, ...(isOther && { rows: [], shown: null, settings: toSettings(run) }) });
    if (!isAtWork(run) && run.counts.rows > 0) void trying(() => readRows(0));
  };
  const readHistory = async (): Promise<void> =>
    set({ history: await core['imports.history']({ beforeNo: null }) });
  return { trying, readRows, take, readHistory };
}
type Reader = ReturnType<typeof createReader>;

type Looking = Pick<
  ImportsState,
  'open' | 'show' | 'filter' | 'more' | 'hear' | 'leave' | 'template' | 'failedRows'
>;

const looking = (
  core: CoreClient,
  { trying, readRows, take, readHistory }: Reader,
  { set, get }: { set: Set; get: Get },
): Looking => ({
  open: async () => {
    await trying(async () => {
      await readHistory();
      set({ columns: await core['imports.listColumns']({}) });
      const going = get().history.find(isAtWork);
      if (going !== undefined && get().run === null) take(going);
    });
  },
  show: async (runId) => {
    await trying(async () => take(await core['imports.get']({ runId })));
  },
  filter: async (shown) => {
    set({ shown, rows: [] });
    await trying(() => readRows(0));
  },
  more: async () => {
    await trying(() => readRows(get().rows.at(-1)?.rowNo ?? 0));
  },
  hear: (run) => {
    if (get().columns.length === 0) return;
    if (get().run?.runId === run.runId) take(run);
    if (!isAtWork(run)) void trying(readHistory);
  },
  leave: () => set({ run: null, rows: [], settings: null, failure: null }),
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
  { trying, take, readHistory }: Reader,
  { set, get, newId }: { set: Set; get: Get; newId: () => string },
): Doing => ({
  choose: async (file) => {
    set({ sent: 0, run: null, rows: [], settings: null, shown: null });
    await trying(async () => {
      take(await sendFile(core, { runId: newId(), file, onSent: (sent) => set({ sent }) }));
      await readHistory();
    });
    set({ sent: null });
  },
  reread: async (how) => {
    const { run } = get();
    if (run === null) return;
    await trying(async () => {
      const read = await core['imports.open']({ runId: run.runId, ...how });
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
    await trying(async () => take(await core['imports.check'](input)));
  },
  act: async (act) => {
    const { run } = get();
    if (run === null) return;
    await trying(async () => {
      take(await core[act]({ runId: run.runId }));
      await readHistory();
    });
  },
});

const NOTHING = {
  ...{ run: null, history: [], columns: [], settings: null, rows: [], hasMore: false, shown: null },
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
