import type { ImportsDb } from '../../../db/imports/types.ts';
import type { Attribute } from '../../../sync/model/attributes.ts';
import { IMPORT_COLUMNS_MAX, type ImportColumn, type ImportEncoding } from '../../contract/imports.ts';
import { columnsFor, toColumn } from './columns.ts';
import type { Facts } from './facts.ts';
import { createCsvReader, findDelimiter, type FileRow } from './reading/csv-reader.ts';
import { createEncodingFinder, decoderFor } from './reading/encoding.ts';
import { FileRefusal } from './refusal.ts';
import { openSheet, type SheetRow } from './sheet/xlsx-reader.ts';
import type { Bytes } from './sheet/zip.ts';
import type { Slices } from './slices.ts';
import { REASON_HEADER } from './templates.ts';

const SAMPLE_ROWS = 5;
const SAMPLE_CHARS_MAX = 80;
/** Above so many rows without a cell there are no headers. */
const BLANK_ROWS_MAX = 100;

/** The file as it lies in pieces. */
export const bytesOf = (db: ImportsDb, runNo: number): Bytes => ({
  size: db.receivedBytes(runNo),
  read: (at) => {
    const piece = db.pieceAt(runNo, at);
    return piece?.bytes.subarray(at - piece.at);
  },
});

function* piecesOf(bytes: Bytes): Generator<Uint8Array> {
  for (let at = 0; ;) {
    const piece = bytes.read(at);
    if (piece === undefined || piece.length === 0) return;
    yield piece;
    at += piece.length;
  }
}

type HowToRead = Pick<Facts, 'format' | 'encoding' | 'delimiter'>;

/** Rows of a text file. @throws FileRefusal When the encoding is not the file's. */
function* csvRows(bytes: Bytes, encoding: ImportEncoding, delimiter: string): Generator<FileRow> {
  const decoder = decoderFor(encoding);
  const reader = createCsvReader(delimiter);
  try {
    for (const piece of piecesOf(bytes)) yield* reader.push(decoder.decode(piece, false), false);
    yield* reader.push(decoder.decode(new Uint8Array(0), true), true);
  } catch (cause) {
    if (cause instanceof TypeError) throw new FileRefusal('FILE_ENCODING', encoding, { cause });
    throw cause;
  }
}

export interface OpenFile {
  is1904: boolean;
  rows(): AsyncIterable<FileRow & Partial<SheetRow>> | Iterable<FileRow & Partial<SheetRow>>;
  close(): void;
}

/** The file as rows. @throws FileRefusal */
export async function openRows(bytes: Bytes, { format, encoding, delimiter }: HowToRead): Promise<OpenFile> {
  if (format === 'xlsx') return openSheet(bytes);
  return {
    is1904: false,
    rows: () => csvRows(bytes, encoding ?? 'utf-8', delimiter ?? ','),
    close: () => undefined,
  };
}

const startsWith = (bytes: Uint8Array, signs: readonly number[]): boolean =>
  signs.every((sign, at) => bytes[at] === sign);

function formatOf(start: Uint8Array): 'csv' | 'xlsx' {
  if (startsWith(start, [0x50, 0x4b, 0x03, 0x04])) return 'xlsx';
  if (startsWith(start, [0xd0, 0xcf, 0x11, 0xe0])) throw new FileRefusal('FILE_LOCKED');
  const known = [
    [0x25, 0x50, 0x44, 0x46],
    [0x89, 0x50, 0x4e, 0x47],
    [0xff, 0xd8, 0xff],
    [0x50, 0x4b],
    [0x1f, 0x8b],
  ];
  if (known.some((signs) => startsWith(start, signs))) throw new FileRefusal('FILE_KIND');
  return 'csv';
}

async function findEncoding(bytes: Bytes, slices: Slices): Promise<ImportEncoding> {
  const finder = createEncodingFinder();
  for (const piece of piecesOf(bytes)) {
    finder.look(piece);
    await slices.rest();
  }
  return finder.encoding();
}

/** A text has no signs that steer a machine; a program or a picture is full of them. */
function assertText(text: string): void {
  // oxlint-disable-next-line no-control-regex -- they are what is counted
  const controls = text.match(/[\u0001-\u0008\u000e-\u001f\ufffd]/g)?.length ?? 0;
  if (controls * 20 > text.length) throw new FileRefusal('FILE_KIND');
}

async function howToRead(
  bytes: Bytes,
  wanted: { encoding: ImportEncoding | null; delimiter: string | null },
  slices: Slices,
): Promise<HowToRead> {
  const start = bytes.read(0);
  if (start === undefined || start.length === 0) throw new FileRefusal('FILE_EMPTY');
  const format = formatOf(start);
  if (format === 'xlsx') return { format, encoding: null, delimiter: null };
  const encoding = wanted.encoding ?? (await findEncoding(bytes, slices));
  const text = new TextDecoder(encoding).decode(start.subarray(0, 16_384));
  assertText(text);
  return { format, encoding, delimiter: wanted.delimiter ?? findDelimiter(text) };
}

const hasText = ({ cells }: FileRow): boolean => cells.some((cell) => cell.trim() !== '');

async function firstRows(file: OpenFile): Promise<FileRow[]> {
  const rows: FileRow[] = [];
  let blank = 0;
  for await (const row of file.rows()) {
    if (hasText(row)) rows.push(row);
    else if ((blank += 1) > BLANK_ROWS_MAX) break;
    if (rows.length > SAMPLE_ROWS) break;
  }
  return rows;
}

/** What each header means; of two with one meaning the later one waits for a word. */
function toColumns(
  header: FileRow,
  samples: readonly FileRow[],
  attributes: readonly Attribute[],
): ImportColumn[] {
  const columns = columnsFor(attributes);
  const taken = new Set<string>();
  const width = Math.max(header.cells.length, ...samples.map(({ cells }) => cells.length));
  if (width > IMPORT_COLUMNS_MAX) throw new FileRefusal('COLUMNS_TOO_MANY');
  const isUsed = (at: number): boolean => samples.some(({ cells }) => (cells[at] ?? '').trim() !== '');
  return Array.from({ length: header.cells.length }, (_, at): ImportColumn => {
    const text = (header.cells[at] ?? '').trim().slice(0, 200);
    const column = toColumn(text, columns, attributes);
    const isTaken = column !== undefined && taken.has(column.name);
    if (column !== undefined) taken.add(column.name);
    const isReason = column === undefined && text === REASON_HEADER && at === header.cells.length - 1;
    return {
      header: text,
      to: column === undefined || isTaken ? null : column.name,
      isUnknown: (column === undefined && !isReason && (text !== '' || isUsed(at))) || isTaken,
      samples: samples.map(({ cells }) => (cells[at] ?? '').slice(0, SAMPLE_CHARS_MAX)),
    };
  });
}

export type FileHead = HowToRead & Pick<Facts, 'is1904' | 'headerRow' | 'columns'>;

/**
 * How a file is read, and what its headers say.
 *
 * @throws FileRefusal
 */
export async function readHead(
  bytes: Bytes,
  wanted: { encoding: ImportEncoding | null; delimiter: string | null },
  { attributes, slices }: { attributes: readonly Attribute[]; slices: Slices },
): Promise<FileHead> {
  const how = await howToRead(bytes, wanted, slices);
  const file = await openRows(bytes, how);
  try {
    const [header, ...samples] = await firstRows(file);
    if (header === undefined) throw new FileRefusal('FILE_EMPTY');
    if (header.fault !== null) throw new FileRefusal(header.fault);
    const columns = toColumns(header, samples.slice(0, SAMPLE_ROWS), attributes);
    return { ...how, is1904: file.is1904, headerRow: header.rowNo, columns };
  } finally {
    file.close();
  }
}
