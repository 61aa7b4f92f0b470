import { DbError, guard } from '../errors.ts';
import { openFile, type Connection } from '../open.ts';
import { createTill, tillMigrations } from './open.ts';
import type { StoredClose, StoredOp, StoredReceipt, TillDb } from './types.ts';

/** What can still be read of a damaged `till.db`. Nothing here throws because of the damage. */
export interface Salvage {
  /** Settings that can be read, as they were stored. */
  settings: ReadonlyMap<string, unknown>;
  /** All of them could be read. */
  hasAllSettings: boolean;
  /** The newest own op's number; null when it can not be told. */
  lastTseq: number | null;
  /** Undefined where its page can not be read. */
  opAt(tseq: number): StoredOp | undefined;
  /** Closed days, latest first; [] where they can not be read. */
  closes(limit: number): { close: StoredClose; receipt: StoredReceipt | undefined }[];
  close(): void;
}

/** Null where the damage is met; every other failure is thrown. */
function readable<T>(act: () => T): T | null {
  try {
    return guard('till', act);
  } catch (cause) {
    if (cause instanceof DbError && (cause.code === 'damaged' || cause.code === 'io')) return null;
    throw cause;
  }
}

/** From both ends towards the page that can not be read. */
function readSettings(raw: Connection): { settings: Map<string, unknown>; isWhole: boolean } {
  const settings = new Map<string, unknown>();
  const walk = (sql: string, start: string): boolean => {
    const next = raw.prepare<[string], { key: string; value: string }>(sql);
    for (let at = start; ;) {
      const row = readable(() => next.get(at));
      if (row === null) return false;
      if (row === undefined || settings.has(row.key)) return true;
      settings.set(row.key, JSON.parse(row.value));
      at = row.key;
    }
  };
  const isWhole = walk('SELECT key, value FROM settings WHERE key > ? ORDER BY key LIMIT 1', '');
  if (!isWhole) walk('SELECT key, value FROM settings WHERE key < ? ORDER BY key DESC LIMIT 1', '\u{10ffff}');
  return { settings, isWhole };
}

const maxTseq = (raw: Connection): number | null =>
  // Cast: one number.
  readable(() => raw.prepare('SELECT coalesce(max(tseq), 0) FROM ops').pluck().get() as number);

function readCloses(till: TillDb, limit: number) {
  const list = readable(() => till.closes.list(limit)) ?? [];
  return list.map((close) => ({
    close,
    receipt: readable(() => till.closes.receiptOf(close.businessDay)) ?? undefined,
  }));
}

function isOfThisProgram(raw: Connection): boolean {
  return Number(raw.pragma('user_version', { simple: true })) === tillMigrations.at(-1)?.number;
}

/**
 * Opens a copy of a damaged file for what is left in it. To open is to write (SQLite takes the log in), so it must be a
 * copy.
 *
 * @returns Null when nothing in there can be read, or when another version of this program wrote it.
 */
export function openSalvage(place: { path: string; keyHex: string }): Salvage | null {
  let raw: Connection;
  try {
    raw = openFile({ ...place, file: 'till' });
  } catch (cause) {
    if (cause instanceof DbError && (cause.code === 'damaged' || cause.code === 'key_wrong')) return null;
    throw cause;
  }
  const till = readable(() => (isOfThisProgram(raw) ? createTill(raw, true) : null));
  if (till === null) {
    raw.close();
    return null;
  }
  const { settings, isWhole } = readable(() => readSettings(raw)) ?? { settings: new Map(), isWhole: false };
  return {
    settings,
    hasAllSettings: isWhole,
    lastTseq: maxTseq(raw),
    opAt: (tseq) =>
      readable(() => till.ops.listAfter(tseq - 1, 1).find(({ op }) => op.tseq === tseq)) ?? undefined,
    closes: (limit) => readCloses(till, limit),
    close: () => void readable(() => raw.close()),
  };
}
