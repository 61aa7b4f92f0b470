import Papa from 'papaparse';
import type { ImportReason } from '../../../contract/import-reasons.ts';
import { IMPORT_COLUMNS_MAX } from '../../../contract/imports.ts';
import { FileRefusal } from '../refusal.ts';

/** A row as the file has it. */
export interface FileRow {
  /** As a spreadsheet counts; the headers are row 1. */
  rowNo: number;
  cells: string[];
  /** Why it can not be read; `cells` is then what there is to show. */
  fault: ImportReason | null;
}

/** No row is longer: an opened quote that nobody closes must not swallow the file. */
const ROW_CHARS_MAX = 256 * 1024;
/** Signs of a file that may be read again because of wrong quotes: each may cost as much as the longest row. */
const REREAD_CHARS_MAX = 32 * 1024 * 1024;

/** Separators, the likeliest first. */
const DELIMITERS = [',', ';', '\t', '|'];

/** The separator of a text: the one that cuts its first line into most parts, outside of quotes. */
export function findDelimiter(start: string): string {
  const [line = ''] = start.replace(/"[^"]*"/g, '').split(/\r?\n|\r/, 1);
  const counts = DELIMITERS.map((delimiter) => line.split(delimiter).length);
  return DELIMITERS[counts.indexOf(Math.max(...counts))] ?? ',';
}

interface Parsed {
  rows: { cells: string[]; end: number }[];
  /** Where the row begins that has a wrong quote; null where none has. */
  faultAt: number | null;
  /** Where that row seemed to end. */
  faultEnd: number;
}

/** As many whole rows as there are. */
function parse(text: string, delimiter: string, isLast: boolean): Parsed {
  const rows: Parsed['rows'] = [];
  let faultAt: number | null = null;
  let [end, faultEnd] = [0, 0];
  const parser = new Papa.Parser({
    delimiter,
    newline: '\n',
    step: ({ data, errors, meta }: { data: unknown; errors: unknown[]; meta: { cursor: number } }) => {
      if (errors.length > 0) {
        faultAt = end;
        faultEnd = meta.cursor;
        parser.abort();
        return;
      }
      // Cast: without headers a row is a list of texts, here the only one of its step.
      rows.push({ cells: (data as string[][])[0] ?? [], end: meta.cursor });
      end = meta.cursor;
    },
  });
  parser.parse(text, 0, !isLast);
  return { rows, faultAt, faultEnd };
}

/**
 * Cuts a text that comes in pieces into rows, in bounded memory. A quote that is never closed, or stands where
 * none can be, makes its own line a faulty row; the next line begins anew. Any line end.
 *
 * @throws FileRefusal From `push`, when so many quotes are wrong that their rows can not be told apart.
 */
export function createCsvReader(delimiter: string) {
  let rest = '';
  let rowNo = 0;
  let endsInReturn = false;
  let reread = 0;

  const unify = (text: string, isLast: boolean): string => {
    const whole = endsInReturn ? `\r${text}` : text;
    endsInReturn = !isLast && whole.endsWith('\r');
    return (endsInReturn ? whole.slice(0, -1) : whole).replace(/\r\n?/g, '\n');
  };
  const next = (cells: string[], fault: ImportReason | null): FileRow => ({
    rowNo: (rowNo += 1),
    cells,
    fault,
  });

  /** A row without an end in sight: a quote that nobody closes, too many cells, or a cell too long. */
  const whyLong = (): ImportReason => {
    if (rest.includes('"')) return 'QUOTE_LONE';
    return rest.split(delimiter, IMPORT_COLUMNS_MAX + 1).length > IMPORT_COLUMNS_MAX
      ? 'COLUMNS_TOO_MANY'
      : 'CELL_TOO_LONG';
  };

  /** The first line of `rest` is a row that can not be read. */
  const takeLine = (fault: ImportReason): FileRow => {
    const end = rest.indexOf('\n');
    const line = end < 0 ? rest : rest.slice(0, end);
    rest = end < 0 ? '' : rest.slice(end + 1);
    return next([line.slice(0, 2_000)], fault);
  };

  /** Rows of the next piece; the last one comes with `isLast`. */
  const push = function* (piece: string, isLast: boolean): Generator<FileRow> {
    rest += unify(piece, isLast);
    while (rest !== '') {
      const { rows, faultAt, faultEnd } = parse(rest, delimiter, isLast);
      for (const { cells } of rows) yield next(cells, null);
      reread += faultAt === null ? 0 : faultEnd - faultAt;
      if (reread > REREAD_CHARS_MAX) throw new FileRefusal('QUOTE_LONE', String(rowNo + 1));
      rest = rest.slice(faultAt ?? rows.at(-1)?.end ?? 0);
      if (isLast && faultAt === null) rest = '';
      else if (faultAt !== null) yield takeLine('QUOTE_LONE');
      else if (rest.length > ROW_CHARS_MAX) {
        reread += rest.length;
        yield takeLine(whyLong());
      } else break;
    }
  };
  return { push };
}
