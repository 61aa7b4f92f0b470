/** What a row of the file comes to. */
export type RowAction = 'create' | 'update' | 'skip' | 'invalid';

/**
 * How far a row is. `checked`: nothing was done yet. `waiting`: it needs something that comes later. `kept`: what it
 * did was changed by somebody since, and stays.
 */
export type RowStatus = 'checked' | 'done' | 'waiting' | 'undone' | 'kept';

/** One row of a file. Texts are JSON, '' where there is nothing; they are the core's to read. */
export interface StagedRow {
  /** As a spreadsheet counts: the headers are row 1. */
  rowNo: number;
  action: RowAction;
  status: RowStatus;
  /** Reasons, worst first, a space between; '' for none. */
  codes: string;
  /** As they stand in the file. */
  cells: string;
  /** What they were read as. */
  given: string;
  /** Whom it is about, '' while that is nobody. */
  memberId: string;
  /** What the row changed, as it was before. */
  former: string;
}

export interface StoredRun {
  runNo: number;
  runId: string;
  state: string;
  /** JSON. */
  body: string;
}

/** What a row has become, once it was worked on. `former` only where it is new. */
export type RowOutcome = Omit<StagedRow, 'cells' | 'given' | 'former'> & Partial<Pick<StagedRow, 'former'>>;

/** Imports of members. Every method throws `DbError` when the disk or the file fails. */
export interface ImportsDb {
  /** One durable unit; `act` must not be async. */
  transaction<T>(act: () => T): T;
  /**
   * The same without waiting for the disk: a power cut may take the last of them, never one in the middle and never
   * one before a `transaction`. An ended process loses none.
   */
  quickly<T>(act: () => T): T;
  addRun(run: Omit<StoredRun, 'runNo'>): number;
  saveRun(run: StoredRun): void;
  findRun(runId: string): StoredRun | undefined;
  /** Newest first, before the run `beforeNo`. */
  listRuns(beforeNo: number, limit: number): StoredRun[];
  listInState(state: string): StoredRun[];
  /** A piece of the file that begins at byte `at`; one that is there already changes nothing. */
  addPiece(runNo: number, at: number, bytes: Uint8Array): void;
  /** Bytes without a gap from the start. */
  receivedBytes(runNo: number): number;
  /** The piece that holds byte `at`, and where it begins; undefined behind the end. */
  pieceAt(runNo: number, at: number): { at: number; bytes: Uint8Array } | undefined;
  /** Drops at most `limit` pieces, from the start of the file on; false when none is left. */
  dropPieces(runNo: number, limit: number): boolean;
  addRow(runNo: number, row: StagedRow): void;
  /** What is left out stays as it is. */
  saveRow(runNo: number, row: RowOutcome): void;
  row(runNo: number, rowNo: number): StagedRow | undefined;
  /** The row of a run that is about a member; at most one was taken. */
  rowAbout(runNo: number, memberId: string): StagedRow | undefined;
  /** In the order of the file, behind `afterRow`. */
  listRows(runNo: number, afterRow: number, limit: number): StagedRow[];
  listByAction(runNo: number, action: RowAction, after: { rowNo: number; limit: number }): StagedRow[];
  /** How many rows of each action and status. */
  countRows(runNo: number): { action: RowAction; status: RowStatus; count: number }[];
  /** Drops at most `limit` rows; false when none is left. */
  dropRows(runNo: number, limit: number): boolean;
  /** Takes out what rows say of people, at most `limit` of them behind `afterRow`; the last row looked at. */
  blankRows(runNo: number, afterRow: number, limit: number): number | null;
  /** The same for rows that were not taken and are about no member that is known. */
  blankNobodys(runNo: number, afterRow: number, limit: number): number | null;
  /** Takes out what any row says of a member. */
  erase(memberId: string): void;
  /** Gives at most so many pages that hold nothing back to the disk; false when there are no more to give. */
  shrink(pages: number): boolean;
  /** The file becomes as short as `shrink` made it, which else waits for the log to be full. In no transaction. */
  cut(): void;
  close(): void;
}
