import { columnsOf } from '../columns.ts';
import { DbError, guard } from '../errors.ts';
import { openFile, type Connection } from '../open.ts';
import { createTill, tillMigrations } from './open.ts';
import { signIns } from './schema/sign-ins.ts';
import type { StoredClose, StoredOp, StoredReceipt, StoredSignIn, TillDb } from './types.ts';

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
  /** Who showed a PIN, newest first; those behind a page that can not be read come last. */
  signIns(): StoredSignIn[];
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

const stored = columnsOf(signIns);

/** From both ends likewise. */
function readSignIns(raw: Connection): StoredSignIn[] {
  const lines = new Map<number, StoredSignIn>();
  const walk = (sql: string, start: number): boolean => {
    const next = raw.prepare<[number], StoredSignIn>(sql);
    for (let at = start; ;) {
      const found = readable(() => next.get(at));
      if (found === null) return false;
      if (found === undefined || lines.has(found.signInNo)) return true;
      lines.set(found.signInNo, found);
      at = found.signInNo;
    }
  };
  const older = `SELECT ${stored.select} FROM sign_ins WHERE sign_in_no < ? ORDER BY sign_in_no DESC LIMIT 1`;
  const newer = `SELECT ${stored.select} FROM sign_ins WHERE sign_in_no > ? ORDER BY sign_in_no LIMIT 1`;
  if (!walk(older, Number.MAX_SAFE_INTEGER)) walk(newer, -1);
  return [...lines.values()];
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
    signIns: () => readable(() => readSignIns(raw)) ?? [],
    close: () => void readable(() => raw.close()),
  };
}
