import type { Connection } from '../../open.ts';
import type { ImportsDb, StoredRun } from '../types.ts';

const COLUMNS = 'run_no AS runNo, run_id AS runId, state, body FROM import_runs';

type RunMethods = Pick<ImportsDb, 'addRun' | 'saveRun' | 'findRun' | 'listRuns' | 'listInState'>;

export function importRunRepo(raw: Connection): RunMethods {
  const insert = raw.prepare('INSERT INTO import_runs (run_id, state, body) VALUES (?, ?, ?)');
  const update = raw.prepare('UPDATE import_runs SET state = ?, body = ? WHERE run_no = ?');
  const byId = raw.prepare<[string], StoredRun>(`SELECT ${COLUMNS} WHERE run_id = ?`);
  const before = raw.prepare<[number, number], StoredRun>(
    `SELECT ${COLUMNS} WHERE run_no < ? ORDER BY run_no DESC LIMIT ?`,
  );
  const inState = raw.prepare<[string], StoredRun>(`SELECT ${COLUMNS} WHERE state = ? ORDER BY run_no`);
  return {
    addRun: ({ runId, state, body }) => Number(insert.run(runId, state, body).lastInsertRowid),
    saveRun: ({ runNo, state, body }) => void update.run(state, body, runNo),
    findRun: (runId) => byId.get(runId),
    listRuns: (beforeNo, limit) => before.all(beforeNo, limit),
    listInState: (state) => inState.all(state),
  };
}

type PieceMethods = Pick<ImportsDb, 'addPiece' | 'receivedBytes' | 'pieceAt' | 'dropPieces'>;

export function importPieceRepo(raw: Connection): PieceMethods {
  const insert = raw.prepare('INSERT OR IGNORE INTO import_pieces (run_no, at, bytes) VALUES (?, ?, ?)');
  const last = raw
    .prepare<[number], number | null>(
      'SELECT at + length(bytes) FROM import_pieces WHERE run_no = ? ORDER BY at DESC LIMIT 1',
    )
    .pluck();
  const holding = raw.prepare<[number, number], { at: number; bytes: Buffer }>(
    'SELECT at, bytes FROM import_pieces WHERE run_no = ? AND at <= ? ORDER BY at DESC LIMIT 1',
  );
  const drop = raw.prepare<[number, number]>(
    `DELETE FROM import_pieces WHERE piece_no IN (SELECT piece_no FROM import_pieces WHERE run_no = ? ORDER BY at LIMIT ?)`,
  );
  return {
    addPiece: (runNo, at, bytes) => void insert.run(runNo, at, bytes),
    receivedBytes: (runNo) => last.get(runNo) ?? 0,
    pieceAt: (runNo, at) => {
      const piece = holding.get(runNo, at);
      return piece === undefined || at >= piece.at + piece.bytes.length ? undefined : piece;
    },
    dropPieces: (runNo, limit) => drop.run(runNo, limit).changes > 0,
  };
}
