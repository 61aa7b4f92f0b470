import { CSV_START, csvLine } from '../../../sync/base/csv.ts';
import { ImportReason } from '../../contract/import-reasons.ts';
import { assertManager } from '../commands/imports.ts';
import type { Ctx, Handler } from '../ctx.ts';
import { sendPiece, type ExportOf, type Piece } from '../export-record.ts';
import { columnsFor } from '../imports/columns.ts';
import { planRulesOf } from '../imports/rules.ts';
import { toRun, type Run } from '../imports/facts.ts';
import { toRowView } from '../imports/row-view.ts';
import { failedLine, makeTemplate, REASON_HEADER } from '../imports/templates.ts';

const HISTORY_RUNS = 50;
const FAILED_ROWS = 500;

export const getImport: Handler<'imports.get'> = (ctx, { runId }) => {
  assertManager(ctx);
  return ctx.imports.view(ctx.imports.find(runId));
};

export const listImportRows: Handler<'imports.listRows'> = (ctx, { runId, action, afterRow, limit }) => {
  assertManager(ctx);
  const run = ctx.imports.find(runId);
  const db = ctx.imports.db();
  const rows =
    action === null
      ? db.listRows(run.runNo, afterRow, limit)
      : db.listByAction(run.runNo, action, { rowNo: afterRow, limit });
  const rules = planRulesOf(ctx, run, ctx.imports.idsOf(run));
  return rows.map((row) => toRowView(ctx, row, rules));
};

export const listImports: Handler<'imports.history'> = (ctx, { beforeNo }) => {
  assertManager(ctx);
  const runs = ctx.imports.db().listRuns(beforeNo ?? Number.MAX_SAFE_INTEGER, HISTORY_RUNS);
  return runs.map((stored) => ctx.imports.view(ctx.imports.find(toRun(stored).runId)));
};

export const listFailedRows: Handler<'imports.failedRows'> = (ctx, { runId, afterRow }) => {
  assertManager(ctx);
  const run = ctx.imports.find(runId);
  const isFirst = afterRow === 0;
  const asked: ExportOf = { what: 'failed_rows', of: run.runId, purpose: '' };
  const { text, next } = sendPiece(ctx, asked, { isFirst, make: () => failedPiece(ctx, run, afterRow) });
  if (!isFirst) return { text, next };
  return {
    text: CSV_START + csvLine([...run.facts.columns.map(({ header }) => header), REASON_HEADER]) + text,
    next,
  };
};

function failedPiece(ctx: Ctx, run: Run, afterRow: number): Piece {
  const { language } = ctx.settings.preferences();
  const rows = ctx.imports.db().listByAction(run.runNo, 'invalid', { rowNo: afterRow, limit: FAILED_ROWS });
  const width = run.facts.columns.length;
  const lines = rows
    .filter(({ cells }) => cells !== '')
    .map(({ cells, codes }) => {
      const texts = JSON.parse(cells) as string[];
      const padded = Array.from({ length: Math.max(width, texts.length) }, (_, at) => texts[at] ?? '');
      const reasons = codes
        .split(' ')
        .filter(Boolean)
        .map((code) => ImportReason.parse(code));
      return failedLine(padded, reasons, language);
    });
  const next = rows.length < FAILED_ROWS ? null : (rows.at(-1)?.rowNo ?? null);
  return { text: lines.join(''), next };
}

export const getImportTemplate: Handler<'imports.getTemplate'> = (ctx, { template }) => {
  assertManager(ctx);
  const { fileName, bytes } = makeTemplate(template);
  return { fileName, base64: bytes.toString('base64') };
};

export const listImportColumns: Handler<'imports.listColumns'> = (ctx) => {
  const attributes = new Map(ctx.directory.attributes().map((each) => [each.attributeId, each]));
  const { language } = ctx.settings.preferences();
  return columnsFor([...attributes.values()]).map(({ name }) => {
    const own = attributes.get(name);
    return { name, label: own === undefined ? name : (language === 'zh' && own.nameZh) || own.name };
  });
};
