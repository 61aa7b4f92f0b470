import { loadPeer } from './packages.ts';
import type { PeerStamp } from './stamp.ts';

/** As much of better-sqlite3 as is used here. */
interface Sqlite {
  exec(text: string): void;
  prepare(text: string): {
    run(...values: readonly unknown[]): void;
    get(): unknown;
    all(...values: readonly unknown[]): unknown[];
  };
  transaction<Argument>(act: (argument: Argument) => void): (argument: Argument) => void;
}

export const openSqlite = (path: string): Sqlite =>
  new (loadPeer('better-sqlite3') as new (path: string) => Sqlite)(path);

const NUMBERS = new Set(['incarnation', 'tseq', 'wall_ms', 'card_type_version', 'amount_minor', 'units']);

const snake = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

const FIELDS = [
  ...(['tillId', 'incarnation', 'tseq', 'hlc', 'wallMs', 'actorId', 'storeId', 'businessDay'] as const),
  ...(['kind', 'memberId', 'cardId', 'accountId', 'cardTypeVersion', 'amountMinor'] as const),
  ...(['receiptNo', 'units'] as const),
];

/** The one table, as WatermelonDB's schema wants it; the record's id is the op's. */
export const COLUMNS: readonly { name: string; type: 'string' | 'number' }[] = FIELDS.map((field) => {
  const name = snake(field);
  return { name, type: NUMBERS.has(name) ? 'number' : 'string' };
});

export type MelonRow = Record<string, string | number | null>;

/** A stamp as one of its raw records. */
export function toRaw(stamp: PeerStamp): MelonRow {
  const columns = FIELDS.map((field): [string, string | number] => [snake(field), stamp[field]]);
  return { id: stamp.opId, ...Object.fromEntries(columns) };
}

interface Changes {
  stamps: { created: MelonRow[]; updated: MelonRow[]; deleted: string[] };
}

/** Both ways of its sync protocol, as its documentation says them. */
export interface Pulled {
  changes: Changes;
  timestamp: number;
}

export interface Pushed {
  changes: Changes;
}
