import type { CoreClient } from '../../../electron/contract/index.ts';
import type { ImportRun } from '../../../electron/contract/imports.ts';
import { failureOf } from '../../lib/failure.ts';
import type { Get, Set, Settings } from './imports-state.ts';
import { isAtWork } from './steps.ts';

const PAGE = 100;
/** As many as one answer of the core holds. */
const RUNS = 50;

export const toSettings = ({ mode, columns, pointsCardTypeId, creditCardTypeId }: ImportRun): Settings => ({
  ...{ mode, columns: columns.map(({ to }) => to), ignored: [], pointsCardTypeId, creditCardTypeId },
});

/** Tells the latest question of a kind from earlier ones. */
function createTurn() {
  let asked = 0;
  return {
    next: (): (() => boolean) => {
      const mine = (asked += 1);
      return () => mine === asked;
    },
    here: (): (() => boolean) => {
      const mine = asked;
      return () => mine === asked;
    },
  };
}

/**
 * What the acts of the page share: one line for what failed, rows and history read again. Whatever is answered late,
 * after the person went to another run or asked anew, is dropped.
 */
export function createReader(core: CoreClient, set: Set, get: Get) {
  const places = createTurn();
  const rowsAsked = createTurn();
  const historyAsked = createTurn();
  const trying = async <T>(act: () => Promise<T>): Promise<T | null> => {
    const isHere = places.here();
    set({ failure: null });
    try {
      return await act();
    } catch (cause) {
      if (isHere()) set({ failure: failureOf(cause) });
      return null;
    }
  };
  const readRows = async (afterRow: number): Promise<void> => {
    const { run, shown } = get();
    if (run === null || isAtWork(run)) return;
    const isLatest = rowsAsked.next();
    const page = await core['imports.listRows']({ runId: run.runId, action: shown, afterRow, limit: PAGE });
    if (!isLatest() || get().run?.runId !== run.runId || get().shown !== shown) return;
    set({ rows: afterRow === 0 ? page : [...get().rows, ...page], hasMore: page.length === PAGE });
  };
  const take = (run: ImportRun): void => {
    const isOther = get().run?.runId !== run.runId;
    set({ run, ...(isOther && { rows: [], shown: null, settings: toSettings(run) }) });
    if (!isAtWork(run) && run.counts.rows > 0) void trying(() => readRows(0));
  };
  const readHistory = async (): Promise<void> => {
    const isLatest = historyAsked.next();
    const newest = await core['imports.history']({ beforeNo: null });
    if (!isLatest()) return;
    const last = newest.at(-1)?.runNo ?? 0;
    // Older ones that somebody has asked for stay; what is done is done.
    const kept = get().history.filter(({ runNo }) => runNo < last);
    const hasOlder = kept.length > 0 ? get().hasOlder : newest.length === RUNS;
    set({ history: [...newest, ...kept], hasOlder });
  };
  const readOlder = async (): Promise<void> => {
    const isLatest = historyAsked.next();
    const { history } = get();
    const beforeNo = history.at(-1)?.runNo;
    if (beforeNo === undefined) return;
    const older = await core['imports.history']({ beforeNo });
    if (isLatest()) set({ history: [...history, ...older], hasOlder: older.length === RUNS });
  };
  return {
    trying,
    readRows,
    take,
    readHistory,
    readOlder,
    /** The person goes to another run, or to none; true as long as they stay there. */
    go: places.next,
    /** True as long as the person stays where they are. */
    stay: places.here,
  };
}
export type Reader = ReturnType<typeof createReader>;
