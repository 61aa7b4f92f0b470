import type { ImportsDb, StagedRow } from '../../../db/imports/types.ts';
import { lookupIdKey } from '../../../sync/base/search-key.ts';
import { worstFirst, type ImportReason } from '../../contract/import-reasons.ts';
import { IMPORT_ROWS_MAX } from '../../contract/imports.ts';
import type { Ctx } from '../ctx.ts';
import { NO_COUNTS, saveRun, type Run } from './facts.ts';
import { bytesOf, openRows } from './file-head.ts';
import { createKeyTable } from './key-table.ts';
import { planRow, type PlanRules } from './plan.ts';
import type { FileRow } from './reading/csv-reader.ts';
import type { Given, ReadRow, RowReader } from './reading/row-reader.ts';
import { FileRefusal } from './refusal.ts';
import type { SheetRow } from './sheet/xlsx-reader.ts';
import { createSlices } from './slices.ts';

const DROPPED_AT_ONCE = 500;
/** Rows that wait to be written together. */
const BATCH_ROWS_MAX = 400;

export interface CheckParts {
  ctx: Ctx;
  db: ImportsDb;
  run: Run;
  read: RowReader;
  rules: PlanRules;
  /** Throws when the run was cancelled. */
  assertWanted: () => void;
  onProgress: (done: number | null) => void;
}

interface FileKey {
  key: string;
  clash: ImportReason;
}

/** What no two rows of a file may share. */
function keysOf({ fields }: Given, sharesPhones: boolean): FileKey[] {
  const keys: FileKey[] = [];
  if (fields.lookupId) keys.push({ key: `l${lookupIdKey(fields.lookupId)}`, clash: 'LOOKUP_ID_DUP' });
  if (fields.mobile) keys.push({ key: `p${fields.mobile}`, clash: 'PHONE_TAKEN' });
  if (fields.phone && fields.phone !== fields.mobile && !sharesPhones)
    keys.push({ key: `p${fields.phone}`, clash: 'PHONE_TAKEN' });
  return keys;
}

/** Finds rows of the file that are about the same. Hashes only: whoever is named is looked at. */
function createRepeats({ db, run, rules }: CheckParts, waiting: ReadonlyMap<number, StagedRow>) {
  const table = createKeyTable();
  const holds = (rowNo: number, key: string): boolean => {
    const row = waiting.get(rowNo) ?? db.row(run.runNo, rowNo);
    if (row === undefined) return false;
    if (key.startsWith('i')) return row.memberId === key.slice(1);
    if (row.given === '') return false;
    // Cast: it was written by this very job.
    const given = JSON.parse(row.given) as Given;
    return keysOf(given, rules.sharesPhones).some((each) => each.key === key);
  };
  const isKnown = (key: string): boolean => {
    const rowNo = table.find(key);
    return rowNo !== undefined && holds(rowNo, key);
  };
  return {
    clashes: (given: Given): ImportReason[] =>
      keysOf(given, rules.sharesPhones)
        .filter(({ key }) => isKnown(key))
        .map(({ clash }) => clash),
    isMemberKnown: (memberId: string): boolean => isKnown(`i${memberId}`),
    add: (rowNo: number, given: Given, memberId: string): void => {
      for (const { key } of keysOf(given, rules.sharesPhones)) table.add(key, rowNo);
      if (memberId !== '') table.add(`i${memberId}`, rowNo);
    },
  };
}
type Repeats = ReturnType<typeof createRepeats>;

const staged = (row: FileRow, rest: Partial<StagedRow>): StagedRow => ({
  ...{
    rowNo: row.rowNo,
    action: 'invalid',
    status: 'checked',
    codes: '',
    given: '',
    memberId: '',
    former: '',
  },
  cells: JSON.stringify(row.cells),
  ...rest,
});

/** Rows that are looked up together. */
const PAGE_ROWS = 50;

interface Waiting {
  row: FileRow;
  read: ReadRow;
}

/** A row's fate as things stand now. */
function checkRow(parts: CheckParts, repeats: Repeats, { row, read }: Waiting): StagedRow {
  if (row.fault !== null) return staged(row, { codes: row.fault });
  const { given, codes } = read;
  const clashes = [...codes, ...repeats.clashes(given)];
  if (clashes.length > 0) return staged(row, { codes: worstFirst(clashes).join(' ') });
  const plan = planRow(parts.ctx, given, parts.rules);
  const memberId = plan.laid?.member.memberId ?? '';
  if (plan.action !== 'invalid' && memberId !== '' && repeats.isMemberKnown(memberId)) {
    return staged(row, { codes: 'MEMBER_TWICE', memberId });
  }
  if (plan.action !== 'invalid') repeats.add(row.rowNo, given, memberId);
  return staged(row, {
    ...{ action: plan.action, codes: plan.codes.join(' '), memberId },
    given: plan.action === 'invalid' ? '' : JSON.stringify(given),
  });
}

/** Drops what an earlier check left. */
export async function dropRows(db: ImportsDb, runNo: number): Promise<void> {
  const slices = createSlices();
  while (db.quickly(() => db.dropRows(runNo, DROPPED_AT_ONCE))) await slices.rest();
}

const isBlank = (row: FileRow & Partial<SheetRow>): boolean =>
  row.fault === null && row.cells.every((cell) => cell.trim() === '') && (row.cellFaults?.size ?? 0) === 0;

const NOTHING_READ: Given = {
  ...{ fields: {}, cardNumber: null, marketing: null, points: 0, creditMinor: 0 },
  ...{ tags: [], groups: [], custom: {} },
};

/** Rows that were read: checked a page at a time, written some pages at a time. */
function createPages(parts: CheckParts) {
  const { db, run, rules } = parts;
  const { facts, runNo } = run;
  const checked = new Map<number, StagedRow>();
  const repeats = createRepeats(parts, checked);
  let page: Waiting[] = [];
  const write = (): void => {
    // A check that was cut off is begun anew.
    db.quickly(() => {
      for (const row of checked.values()) db.addRow(runNo, row);
      saveRun(db, run);
    });
    checked.clear();
  };
  const check = (): void => {
    rules.finder.lookAhead(page.map(({ read }) => read.given));
    for (const each of page) {
      const row = checkRow(parts, repeats, each);
      facts[row.action] += 1;
      checked.set(row.rowNo, row);
    }
    rules.finder.forget();
    page = [];
  };
  return {
    add: (row: FileRow & Partial<SheetRow>): void => {
      facts.rows += 1;
      if (facts.rows > IMPORT_ROWS_MAX) throw new FileRefusal('ROWS_TOO_MANY');
      const read =
        row.fault === null ? parts.read(row.cells, row.cellFaults) : { given: NOTHING_READ, codes: [] };
      page.push({ row, read });
      if (page.length < PAGE_ROWS) return;
      check();
      if (checked.size >= BATCH_ROWS_MAX) write();
    },
    end: (): void => {
      check();
      if (facts.rows === 0) throw new FileRefusal('FILE_EMPTY');
      write();
    },
  };
}

/**
 * Reads every row of the file, says what would become of it, and changes nothing but the run's own file. Begun
 * anew after a cut.
 *
 * @throws FileRefusal Then nothing of the file is taken.
 */
export async function checkFile(parts: CheckParts): Promise<void> {
  const { db, run, assertWanted } = parts;
  const { facts, runNo } = run;
  await dropRows(db, runNo);
  Object.assign(facts, NO_COUNTS);
  const slices = createSlices();
  const bytes = bytesOf(db, runNo);
  let at = 0;
  const watched = {
    size: bytes.size,
    read: (from: number) => {
      at = from;
      return bytes.read(from);
    },
  };
  const file = await openRows(watched, facts);
  const pages = createPages(parts);
  try {
    for await (const row of file.rows()) {
      if (slices.isOver()) {
        parts.onProgress(facts.format === 'csv' && bytes.size > 0 ? at / bytes.size : null);
        await slices.pause();
        assertWanted();
      }
      if (row.rowNo > facts.headerRow && !isBlank(row)) pages.add(row);
    }
    pages.end();
  } finally {
    file.close();
  }
}
