import { SaxesParser, type SaxesTagPlain } from 'saxes';
import { IMPORT_COLUMNS_MAX } from '../../../contract/imports.ts';
import type { ImportReason } from '../../../contract/import-reasons.ts';
import type { FileRow } from '../reading/csv-reader.ts';
import { FileRefusal } from '../refusal.ts';
import { openArchive, type Archive, type Bytes } from './zip.ts';

/** Texts that cells share, all together. */
const SHARED_CHARS_MAX = 64 * 1024 * 1024;
/** What a spreadsheet allows in a cell. */
const CELL_CHARS_MAX = 32_767;
const SHEETS_MAX = 1_000;
/** What a spreadsheet allows in a sheet. */
const ROW_NO_MAX = 1_048_576;
/** Signs between two tags: more than the longest cell has, and the parser holds them all. */
const BETWEEN_TAGS_MAX = 1024 * 1024;

export interface SheetRow extends FileRow {
  /** Cells that have no value to read, by their place. */
  cellFaults: ReadonlyMap<number, ImportReason>;
}

export interface Sheet {
  /** Days are counted from 1904. */
  is1904: boolean;
  rows(): AsyncGenerator<SheetRow>;
  close(): void;
}

/** Reads one part tag by tag. No entity is resolved but the five of XML, and a document type is refused. */
async function* walk(
  archive: Archive,
  path: string,
  listen: (parser: SaxesParser) => void,
): AsyncGenerator<void> {
  const parser = new SaxesParser();
  const refuse = (): never => {
    throw new FileRefusal('FILE_DAMAGED', path);
  };
  parser.on('error', refuse);
  parser.on('doctype', refuse);
  listen(parser);
  let held = 0;
  parser.on('opentagstart', () => {
    held = 0;
  });
  const decoder = new TextDecoder();
  for await (const piece of archive.open(path)) {
    const text = decoder.decode(piece, { stream: true });
    held += text.length;
    parser.write(text);
    if (held > BETWEEN_TAGS_MAX) throw new FileRefusal('FILE_SWOLLEN', path);
    yield;
  }
  parser.close();
}

const localName = (name: string): string => {
  const colon = name.indexOf(':');
  return colon < 0 ? name : name.slice(colon + 1);
};
const attribute = ({ attributes }: SaxesTagPlain, name: string): string | undefined => attributes[name];

/** Path of the first sheet, and how days are counted. */
async function findSheet(archive: Archive): Promise<{ path: string; is1904: boolean }> {
  const book = await archive.text('xl/workbook.xml');
  const links = await archive.text('xl/_rels/workbook.xml.rels');
  const sheets = book.match(/<(?:\w+:)?sheet\s[^<>]*>/g) ?? [];
  if (sheets.length > SHEETS_MAX) throw new FileRefusal('FILE_SWOLLEN');
  const id = /r:id="([^"]+)"/.exec(sheets[0] ?? '')?.[1];
  const link = (links.match(/<(?:\w+:)?Relationship\s[^<>]*>/g) ?? []).find((each) =>
    each.includes(`Id="${id}"`),
  );
  const target = /Target="([^"]+)"/.exec(link ?? '')?.[1];
  if (target === undefined) throw new FileRefusal('FILE_DAMAGED', 'xl/workbook.xml');
  const path = target.startsWith('/') ? target.slice(1) : `xl/${target}`;
  return { path, is1904: /date1904="(1|true)"/.test(book) };
}

async function* readShared(archive: Archive, shared: string[]): AsyncGenerator<void> {
  const path = 'xl/sharedStrings.xml';
  if (!archive.has(path)) return;
  let [text, total, isInText, phonetic] = ['', 0, false, 0];
  yield* walk(archive, path, (parser) => {
    parser.on('opentag', ({ name }) => {
      const tag = localName(name);
      if (tag === 'si') text = '';
      else if (tag === 'rPh') phonetic += 1;
      isInText = tag === 't' && phonetic === 0;
    });
    parser.on('text', (piece) => {
      if (isInText && text.length <= CELL_CHARS_MAX) text += piece;
    });
    parser.on('closetag', ({ name }) => {
      const tag = localName(name);
      isInText = false;
      if (tag === 'rPh') phonetic -= 1;
      if (tag !== 'si') return;
      total += text.length + 16;
      if (total > SHARED_CHARS_MAX) throw new FileRefusal('FILE_SWOLLEN', path);
      shared.push(text);
    });
  });
}

/** 0 for A; as large as the letters say. */
function columnOf(place: string): number {
  let column = 0;
  for (let at = 0; at < place.length; at += 1) {
    const code = place.charCodeAt(at);
    if (code < 65 || code > 90) break;
    column = column * 26 + code - 64;
  }
  return column - 1;
}

/** A number as a person sees it: whole ones in digits, the others to the fifteen digits that a spreadsheet keeps. */
function numberText(text: string): string {
  if (/^-?\d{1,15}$/.test(text)) return text;
  const value = Number(text);
  if (!Number.isFinite(value)) return text;
  if (Number.isSafeInteger(value)) return String(value);
  return String(Number(value.toPrecision(15)));
}

interface Cell {
  column: number;
  type: string;
  hasFormula: boolean;
  value: string | null;
}

function toText({ type, value }: Cell, shared: readonly string[]): string {
  const text = value ?? '';
  if (type === 's') return shared[Number(text)] ?? '';
  if (type === 'b') return text === '1' ? 'TRUE' : 'FALSE';
  if (type === 'd') return text.slice(0, 10);
  if (type === 'n') return text === '' ? '' : numberText(text);
  return text;
}

/** Listens to the tags of a sheet; whole rows go to `done`. */
function listenToRows(parser: SaxesParser, shared: readonly string[], done: (row: SheetRow) => void): void {
  let row: { rowNo: number; cells: string[]; cellFaults: Map<number, ImportReason> } | null = null;
  let cell: Cell | null = null;
  let [rowNo, column, isInValue] = [0, -1, false];
  const beginRow = (tag: SaxesTagPlain): void => {
    const named = Number(attribute(tag, 'r') ?? '');
    if (named > ROW_NO_MAX || !Number.isInteger(named)) throw new FileRefusal('FILE_DAMAGED', 'row');
    rowNo = named > rowNo ? named : rowNo + 1;
    column = -1;
    row = { rowNo, cells: [], cellFaults: new Map() };
  };
  const beginCell = (tag: SaxesTagPlain): void => {
    const place = attribute(tag, 'r');
    column = place === undefined ? column + 1 : columnOf(place);
    cell = { column, type: attribute(tag, 't') ?? 'n', hasFormula: false, value: null };
  };
  const endCell = (): void => {
    if (cell === null || row === null) return;
    const text = toText(cell, shared);
    const isWithout = cell.hasFormula && cell.value === null;
    const isFaulty = isWithout || cell.type === 'e';
    if (cell.column < 0) throw new FileRefusal('FILE_DAMAGED', 'column');
    if (cell.column >= IMPORT_COLUMNS_MAX && (text !== '' || isFaulty))
      throw new FileRefusal('COLUMNS_TOO_MANY');
    if (isWithout) row.cellFaults.set(cell.column, 'FORMULA_EMPTY');
    else if (cell.type === 'e') row.cellFaults.set(cell.column, 'CELL_ERROR');
    if (text !== '' || isWithout) {
      while (row.cells.length < cell.column) row.cells.push('');
      row.cells[cell.column] = text;
    }
    cell = null;
  };
  parser.on('opentag', (tag) => {
    const name = localName(tag.name);
    isInValue = cell !== null && (name === 'v' || name === 't');
    if (name === 'row') beginRow(tag);
    else if (name === 'c') beginCell(tag);
    else if (name === 'f' && cell !== null) cell.hasFormula = true;
    else if (isInValue && cell !== null) cell.value ??= '';
  });
  parser.on('text', (text) => {
    if (!isInValue || cell === null) return;
    if ((cell.value ?? '').length <= CELL_CHARS_MAX) cell.value = (cell.value ?? '') + text;
  });
  parser.on('closetag', (tag) => {
    const name = localName(tag.name);
    isInValue = false;
    if (name === 'c') endCell();
    else if (name === 'row' && row !== null) {
      done({ ...row, fault: null });
      row = null;
    }
  });
}

/**
 * The first sheet of a workbook, row by row, in bounded memory: texts that cells share are kept, up to a limit.
 * Formulas are never worked out: the value that the spreadsheet saved with them is taken.
 *
 * @throws FileRefusal
 */
export async function openSheet(bytes: Bytes): Promise<Sheet> {
  const archive = await openArchive(bytes);
  try {
    const { path, is1904 } = await findSheet(archive);
    const rows = async function* (): AsyncGenerator<SheetRow> {
      const shared: string[] = [];
      let ready: SheetRow[] = [];
      for await (const _ of readShared(archive, shared)) await Promise.resolve();
      const steps = walk(archive, path, (parser) => listenToRows(parser, shared, (row) => ready.push(row)));
      for await (const _ of steps) {
        yield* ready;
        ready = [];
      }
      yield* ready;
    };
    return { is1904, rows, close: () => archive.close() };
  } catch (cause) {
    archive.close();
    throw cause;
  }
}
