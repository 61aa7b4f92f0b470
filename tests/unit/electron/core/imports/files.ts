import { randomUUID } from 'node:crypto';
import type { CoreClient } from '../../../../../electron/contract/index.ts';
import {
  IMPORT_PIECE_BYTES_MAX,
  type ImportMode,
  type ImportRun,
} from '../../../../../electron/contract/imports.ts';
import type { CardTypeId } from '../../../../../sync/base/ids.ts';

/** A file as text, from rows of cells. */
export const csv = (...rows: readonly (readonly string[])[]): string =>
  rows
    .map(
      (row) =>
        `${row.map((cell) => (/[",\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join(',')}\n`,
    )
    .join('');

/** Sends a file in pieces and opens it. */
export async function sendFile(
  client: CoreClient,
  bytes: Uint8Array,
  fileName = 'members.csv',
): Promise<ImportRun> {
  const runId = randomUUID();
  const begun = await client['imports.begin']({ runId, fileName, byteCount: bytes.length });
  if (begun.state === 'refused') return begun;
  for (let at = 0; at < bytes.length; at += IMPORT_PIECE_BYTES_MAX) {
    const piece = Buffer.from(bytes.subarray(at, at + IMPORT_PIECE_BYTES_MAX));
    await client['imports.put']({ runId, at, base64: piece.toString('base64') });
  }
  return client['imports.open']({ runId, encoding: null, delimiter: null });
}

/** The run once nothing goes on with it any more. */
export async function settled(client: CoreClient, runId: string): Promise<ImportRun> {
  for (;;) {
    const run = await client['imports.get']({ runId });
    if (!['checking', 'running', 'undoing'].includes(run.state)) return run;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

export interface HowToCheck {
  mode?: ImportMode;
  points?: string;
  credit?: string;
}

/** Checks a file that was opened, every column as its header says. */
export async function checkFile(
  client: CoreClient,
  opened: ImportRun,
  how: HowToCheck = {},
): Promise<ImportRun> {
  const run = await client['imports.check']({
    runId: opened.runId,
    mode: how.mode ?? 'create-and-update',
    columns: opened.columns.map(({ to }) => to),
    pointsCardTypeId: how.points === undefined ? null : (how.points as CardTypeId),
    creditCardTypeId: how.credit === undefined ? null : (how.credit as CardTypeId),
  });
  return run.state === 'checking' ? settled(client, run.runId) : run;
}

/** A text from file to rehearsal. */
export async function rehearse(
  client: CoreClient,
  text: string | Uint8Array,
  how: HowToCheck = {},
): Promise<ImportRun> {
  const opened = await sendFile(client, typeof text === 'string' ? Buffer.from(text) : text);
  return opened.state === 'mapping' ? checkFile(client, opened, how) : opened;
}

export async function start(client: CoreClient, { runId }: ImportRun): Promise<ImportRun> {
  await client['imports.start']({ runId });
  return settled(client, runId);
}

export async function undo(client: CoreClient, { runId }: ImportRun): Promise<ImportRun> {
  await client['imports.undo']({ runId });
  return settled(client, runId);
}

/** `row code code`, for each row with a reason. */
export async function reasons(client: CoreClient, { runId }: ImportRun): Promise<string[]> {
  const rows = await client['imports.listRows']({ runId, action: null, afterRow: 0, limit: 200 });
  return rows
    .filter(({ action }) => action === 'invalid')
    .map(({ rowNo, codes }) => `${rowNo} ${codes.join(' ')}`);
}
